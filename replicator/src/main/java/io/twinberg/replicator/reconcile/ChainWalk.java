package io.twinberg.replicator.reconcile;

import io.twinberg.log.SourceTable;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Opens older and older metadata files until one of their logs names the log's head. */
final class ChainWalk {
  /** How many files are opened before the gap is recorded. */
  private static final int MAX_STEPS = 1000;

  private final ObjectStore store;
  private final MetadataFiles files;
  private final VersionLog versions;

  ChainWalk(ObjectStore store, MetadataFiles files, VersionLog versions) {
    this.store = store;
    this.files = files;
    this.versions = versions;
  }

  /** The link from a head that the newest file's own log does not name. */
  ChainLink link(SourceTable table, TableVersion head, MetadataFacts newest) {
    List<String> between = new ArrayList<>(newest.previousFiles());
    List<String> log = newest.previousFiles();
    for (int step = 0; step < MAX_STEPS && !log.isEmpty(); step++) {
      Optional<String> fork = fork(table, log);
      if (fork.isPresent()) {
        return new ChainLink.WentBack(
            "it goes on from the earlier version " + fork.get() + ", not from the newest one");
      }
      Optional<List<String>> older = previousFiles(log.get(0));
      if (older.isEmpty()) {
        return new ChainLink.Unlinked(between);
      }
      log = older.get();
      int index = log.lastIndexOf(head.metadataLocation());
      between.addAll(0, log.subList(index + 1, log.size()));
      if (index >= 0) {
        return new ChainLink.Follows(between);
      }
    }
    return new ChainLink.Unlinked(between);
  }

  /**
   * A file that the log has, although the head, which follows it there, does not follow it here.
   */
  private Optional<String> fork(SourceTable table, List<String> log) {
    return log.stream().filter(file -> versions.contains(table.id(), file)).findFirst();
  }

  private Optional<List<String>> previousFiles(String location) {
    try {
      return Optional.of(MetadataFacts.of(files.read(store, location)).previousFiles());
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
