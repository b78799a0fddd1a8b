package io.twinberg.it.kill;

import io.twinberg.database.Database;
import io.twinberg.database.Gzip;
import io.twinberg.it.RestReads;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the log of a dead server knows, read from its file before anything could repair it: the
 * snapshots of its versions, and those of its intents that may still become versions.
 */
final class CapturedCommits {
  private CapturedCommits() {}

  static Set<Long> in(Path dataDir) {
    try (Database database = Database.embedded(dataDir)) {
      Set<Long> snapshots = new HashSet<>(logged(database));
      for (byte[] body : openIntents(database)) {
        RestReads.parse(new String(Gzip.decompress(body), StandardCharsets.UTF_8))
            .path("updates")
            .findValues("snapshot")
            .forEach(added -> snapshots.add(added.path("snapshot-id").longValue()));
      }
      return snapshots;
    }
  }

  private static List<Long> logged(Database database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "select snapshot_id from table_version where snapshot_id is not null")
                    .mapTo(Long.class)
                    .list());
  }

  private static List<byte[]> openIntents(Database database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "select body from intent where state in ('PENDING', 'UNKNOWN', 'COMMITTED')")
                    .mapTo(byte[].class)
                    .list());
  }
}
