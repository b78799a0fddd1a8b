package io.twinberg.replicator.lane;

import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.publish.SourceFileMissingException;
import java.util.HashSet;
import java.util.Set;

/**
 * What the source has deleted before it was copied; versions that still show it are passed over.
 */
final class Lost {
  private final Set<Long> snapshots = new HashSet<>();
  private final Set<String> statisticsFiles = new HashSet<>();
  private String reason = "";

  void add(SourceFileMissingException e) {
    if (e.snapshotId().isPresent()) {
      long snapshot = e.snapshotId().getAsLong();
      snapshots.add(snapshot);
      because("snapshot " + snapshot + " was expired at the source before it was copied");
    } else {
      statisticsFiles.add(e.missing().location());
      because("a statistics file was deleted at the source before it was copied");
    }
    reason += " (" + e.missing().location() + ")";
  }

  private void because(String next) {
    reason = reason.isEmpty() ? next : reason + "; " + next;
  }

  boolean isIn(MetadataFacts facts) {
    return snapshots.stream().anyMatch(facts.snapshotIds()::contains)
        || statisticsFiles.stream().anyMatch(facts.statisticsFiles()::contains);
  }

  String reason() {
    return reason;
  }
}
