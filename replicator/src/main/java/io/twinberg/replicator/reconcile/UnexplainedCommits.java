package io.twinberg.replicator.reconcile;

import io.twinberg.log.CommittedTable;
import io.twinberg.log.Intent;
import io.twinberg.log.IntentState;
import io.twinberg.replicator.metadata.InvalidMetadataException;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.metadata.MetadataTooLargeException;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The commits to a table that have no version in the log, while its log has none at all. What they
 * made must not become the history of a later first version: the source may have expired their
 * snapshots by then.
 *
 * @param commits through the proxy; what bypassed it before the first look is history
 */
record UnexplainedCommits(List<Intent> commits) {
  private static final Comparator<MetadataFacts> IN_TIME =
      Comparator.comparingLong(MetadataFacts::lastSequenceNumber)
          .thenComparing(MetadataFacts::lastUpdatedAt);

  /**
   * Whether answers come before a version, so that the log has to begin with them. Where the source
   * names no earlier files, nothing else will show what is still under way.
   *
   * @param after the intent whose answer the version is: it waits for no later ones
   */
  boolean comeBefore(MetadataFacts version, OptionalLong after) {
    boolean namesFiles = !version.previousFiles().isEmpty();
    return commits.stream()
        .anyMatch(
            commit ->
                commit.committed().isPresent()
                    ? isBefore(commit.committed().get(), version)
                    : !namesFiles && isUnderWay(commit, after));
  }

  private static boolean isUnderWay(Intent commit, OptionalLong after) {
    return commit.state() == IntentState.PENDING && commit.id() < after.orElse(Long.MAX_VALUE);
  }

  private static boolean isBefore(CommittedTable answer, MetadataFacts version) {
    return version.previousFiles().isEmpty()
        ? facts(answer.metadata().bytes())
            .filter(earlier -> earlier.uuid().equals(version.uuid()))
            .filter(earlier -> IN_TIME.compare(earlier, version) < 0)
            .isPresent()
        : version.previousFiles().contains(answer.metadataLocation());
  }

  /**
   * What a version has before it: the files from the one on that first shows a snapshot of a commit
   * without an answer, and the snapshots of acknowledged ones that nothing shows any more.
   */
  ChainLink.First first(MetadataFacts version, EarlierFiles files) {
    List<Intent> unanswered =
        commits.stream().filter(commit -> commit.committed().isEmpty()).toList();
    Set<Long> added = new HashSet<>();
    unanswered.forEach(commit -> added.addAll(AddedSnapshots.in(commit.body())));
    if (added.isEmpty()) {
      return ChainLink.First.ALONE;
    }
    Set<Long> shown = new HashSet<>(version.snapshotIds());
    List<String> before = since(earliest(unanswered), version.previousFiles(), added, files, shown);
    Set<Long> lost = acknowledgedBefore(version, unanswered);
    lost.removeAll(shown);
    return new ChainLink.First(before, lost);
  }

  private static Set<Long> acknowledgedBefore(MetadataFacts version, List<Intent> unanswered) {
    Set<Long> added = new HashSet<>();
    unanswered.stream()
        .filter(commit -> commit.state() == IntentState.COMMITTED)
        .forEach(commit -> added.addAll(AddedSnapshots.before(version, commit.body())));
    return added;
  }

  /** None can be in a file that was written before it was sent. */
  private static Instant earliest(List<Intent> commits) {
    return commits.stream()
        .map(Intent::openedAt)
        .min(Comparator.naturalOrder())
        .orElseThrow()
        .minus(ChainLink.CLOCK_SKEW);
  }

  private static List<String> since(
      Instant earliest, List<String> log, Set<Long> added, EarlierFiles files, Set<Long> shown) {
    int begin = log.size();
    for (int i = log.size() - 1; i >= 0; i--) {
      Optional<MetadataFacts> facts = read(log.get(i), files);
      if (facts.isEmpty() || facts.get().lastUpdatedAt().isBefore(earliest)) {
        break;
      }
      shown.addAll(facts.get().snapshotIds());
      if (!Collections.disjoint(facts.get().snapshotIds(), added)) {
        begin = i;
      }
    }
    return log.subList(begin, log.size());
  }

  private static Optional<MetadataFacts> read(String location, EarlierFiles files) {
    try {
      return files.read(location).flatMap(UnexplainedCommits::facts);
    } catch (MetadataTooLargeException e) {
      return Optional.empty();
    }
  }

  private static Optional<MetadataFacts> facts(byte[] metadata) {
    try {
      return Optional.of(MetadataFacts.of(metadata));
    } catch (InvalidMetadataException e) {
      return Optional.empty();
    }
  }
}
