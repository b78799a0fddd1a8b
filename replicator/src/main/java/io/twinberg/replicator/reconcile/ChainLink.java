package io.twinberg.replicator.reconcile;

import io.twinberg.log.TableVersion;
import io.twinberg.replicator.metadata.MetadataFacts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** How a version found at the source continues the chain in the log. */
sealed interface ChainLink {
  /**
   * The log has no version of the table yet.
   *
   * @param before the files before it that the log has to have all the same, oldest first
   * @param lost the snapshots before it that were committed through the proxy and cannot be found
   */
  record First(List<String> before, Set<Long> lost) implements ChainLink {
    /** A version before which nothing is missing. */
    static final First ALONE = new First(List.of(), Set.of());
  }

  /** The version follows the head; the files between them, oldest first, are missing in the log. */
  record Follows(List<String> between) implements ChainLink {}

  /**
   * The head is not among the files that the version names, although nothing went back.
   *
   * @param reachable the files before the version that are known, oldest first
   */
  record Unlinked(List<String> reachable) implements ChainLink {}

  /**
   * The source names no earlier files, and more than one commit lies between: what the proxy saw of
   * them is the chain.
   *
   * @param lost whether it does not show the snapshots before the newest one either, so that what
   *     nobody saw is gone
   */
  record Skips(boolean lost) implements ChainLink {}

  /** The source's counters went back: another history under the same UUID. */
  record WentBack(String why) implements ChainLink {}

  /**
   * Writers' clocks differ; Iceberg itself accepts a minute between neighbouring entries of its
   * logs.
   */
  Duration CLOCK_SKEW = Duration.ofMinutes(1);

  /** Compares a version that the log does not have with the log's head. */
  static ChainLink of(Optional<TableVersion> head, MetadataFacts facts) {
    if (head.isEmpty()) {
      return First.ALONE;
    }
    int index = facts.previousFiles().lastIndexOf(head.get().metadataLocation());
    if (index >= 0) {
      return new Follows(facts.previousFiles().subList(index + 1, facts.previousFiles().size()));
    }
    Optional<String> back = wentBack(head.get(), facts);
    if (back.isPresent()) {
      return new WentBack(back.get());
    }
    return facts.previousFiles().isEmpty()
        ? withoutLog(head.get(), facts)
        : new Unlinked(facts.previousFiles());
  }

  /** Some catalogs keep no metadata log at all. Each snapshot takes the next sequence number. */
  private static ChainLink withoutLog(TableVersion head, MetadataFacts facts) {
    if (facts.lastSequenceNumber() <= head.lastSequenceNumber() + 1) {
      return new Follows(List.of());
    }
    return new Skips(hidesCommits(head, facts));
  }

  /**
   * A table without a snapshot has none that could be missing: then each commit has to show its.
   */
  private static boolean hidesCommits(TableVersion head, MetadataFacts facts) {
    OptionalLong known = head.snapshotId();
    return known.isPresent()
        ? !facts.snapshotIds().contains(known.getAsLong())
        : facts.snapshotIds().size() < facts.lastSequenceNumber() - head.lastSequenceNumber();
  }

  private static Optional<String> wentBack(TableVersion head, MetadataFacts facts) {
    if (facts.lastSequenceNumber() < head.lastSequenceNumber()) {
      return Optional.of(
          "last-sequence-number went from "
              + head.lastSequenceNumber()
              + " to "
              + facts.lastSequenceNumber());
    }
    if (facts.lastUpdatedAt().isBefore(head.lastUpdatedAt().minus(CLOCK_SKEW))) {
      return Optional.of(
          "last-updated-ms went from " + head.lastUpdatedAt() + " to " + facts.lastUpdatedAt());
    }
    return Optional.empty();
  }
}
