package io.twinberg.replicator.reconcile;

import io.twinberg.log.SourceTable;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.replicator.metadata.MetadataFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens older and older metadata files until one of their logs names the log's head. */
final class ChainWalk {
  /** How many files are opened before the gap is recorded. */
  private static final int MAX_STEPS = 1000;

  private final EarlierFiles files;
  private final VersionLog versions;

  ChainWalk(EarlierFiles files, VersionLog versions) {
    this.files = files;
    this.versions = versions;
  }

  /** The link from a head that the newest file's own log does not name. */
  ChainLink link(SourceTable table, TableVersion head, MetadataFacts newest) {
    List<String> between = new ArrayList<>(newest.previousFiles());
    List<String> log = newest.previousFiles();
    Set<String> beforeHead = before(head);
    for (int step = 0; step < MAX_STEPS && !log.isEmpty(); step++) {
      Optional<String> fork = fork(table, beforeHead, log);
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
   * A file that comes before the head, although the head does not follow it here.
   *
   * @param beforeHead what the head's own metadata names, since the log may have begun with the
   *     head
   */
  private Optional<String> fork(SourceTable table, Set<String> beforeHead, List<String> log) {
    return log.stream()
        .filter(file -> beforeHead.contains(file) || versions.contains(table.id(), file))
        .findFirst();
  }

  private Set<String> before(TableVersion head) {
    return versions
        .metadata(head)
        .map(metadata -> Set.copyOf(MetadataFacts.of(metadata).previousFiles()))
        .orElse(Set.of());
  }

  private Optional<List<String>> previousFiles(String location) {
    return files.read(location).map(json -> MetadataFacts.of(json).previousFiles());
  }
}
