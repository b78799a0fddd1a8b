package io.twinberg.it.kill;

import io.twinberg.database.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PendingUpdate;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Replaces the older files of a table all the time, and takes one back as soon as its replica has
 * condemned it: a file that is needed again while it waits for its deletion.
 */
final class Replacer implements Change {
  private static final int LEFT = 2;

  /** Of those that were condemned long ago the deletion may begin at any moment. */
  private static final String JUST_CONDEMNED =
      """
      select path from condemned_file
      where state = 'CONDEMNED' and condemned_at > current_timestamp - interval '5' second
        and path like '%/data/%'
      """;

  private final Database database;
  private final SameRows rows = new SameRows();
  private final Map<String, DataFile> replaced = new HashMap<>();
  private final AtomicInteger takenBack = new AtomicInteger();

  Replacer(Database database) {
    this.database = database;
  }

  @Override
  public PendingUpdate<Snapshot> of(Table table) {
    Optional<DataFile> condemned = condemned();
    if (condemned.isPresent()) {
      takenBack.incrementAndGet();
      return table.newFastAppend().appendFile(condemned.get());
    }
    OverwriteFiles overwrite = table.newOverwrite().addFile(rows.in(table));
    List<DataFile> files = RandomChanges.files(table);
    for (DataFile file : files.subList(0, Math.max(0, files.size() - LEFT))) {
      overwrite.deleteFile(file);
      replaced.put(name(file.location()), file);
    }
    return overwrite;
  }

  /** A file that is replaced and condemned is asked for once. */
  private Optional<DataFile> condemned() {
    return database
        .jdbi()
        .withHandle(handle -> handle.createQuery(JUST_CONDEMNED).mapTo(String.class).list())
        .stream()
        .map(path -> replaced.remove(name(path)))
        .filter(file -> file != null)
        .findFirst();
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** How many files it has taken back, or tried to. */
  int takenBack() {
    return takenBack.get();
  }
}
