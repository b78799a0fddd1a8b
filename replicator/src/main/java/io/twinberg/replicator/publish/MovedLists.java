package io.twinberg.replicator.publish;

import io.twinberg.replica.LedgerEntry;
import io.twinberg.replicator.merge.MovedSpecs;
import io.twinberg.replicator.merge.SnapshotManifests;
import io.twinberg.replicator.merge.SnapshotManifests.InList;
import io.twinberg.replicator.merge.UnsupportedMergeException;
import io.twinberg.replicator.rewrite.BadManifestException;
import io.twinberg.replicator.rewrite.ListedSpecs;
import io.twinberg.replicator.rewrite.ManifestProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites the manifest lists of snapshots that only the replica has, where the source has given
 * the id of a partition spec another meaning. That is rare: the lists are read and written one
 * after the other, before anything else of the version is begun. The old lists stay in place, so
 * that readers of the version before go on.
 */
final class MovedLists {
  private final Attempt attempt;
  private final MovedSpecs candidates;
  private final Set<Integer> used = new HashSet<>();
  private final Map<Long, SnapshotManifests> manifests = new HashMap<>();
  private final List<LedgerEntry> entries = new ArrayList<>();

  private MovedLists(Attempt attempt, MovedSpecs candidates) {
    this.attempt = attempt;
    this.candidates = candidates;
  }

  /** Rewrites the lists of the given snapshots that name specs which may have to move. */
  static MovedLists rewrite(
      Attempt attempt, MovedSpecs candidates, Map<Long, SnapshotManifests> snapshots) {
    MovedLists lists = new MovedLists(attempt, candidates);
    if (!candidates.isEmpty()) {
      snapshots.forEach(lists::rewrite);
    }
    return lists;
  }

  private void rewrite(long snapshotId, SnapshotManifests held) {
    if (!(held instanceof InList list)) {
      // Readers take spec 0 for such manifests, and it would have to be spec 0 that moves.
      throw new UnsupportedMergeException(
          "the source has given a partition spec another meaning, and the replica's snapshot "
              + snapshotId
              + " names its manifests inline");
    }
    byte[] bytes = read(list.location());
    Set<Integer> ids = specs(list, bytes);
    if (!Collections.disjoint(ids, candidates.freshIds().keySet())) {
      move(snapshotId, list, bytes);
      used.addAll(ids);
    }
  }

  private static Set<Integer> specs(InList list, byte[] bytes) {
    try {
      return ListedSpecs.of(bytes);
    } catch (ManifestProblemException e) {
      throw new BadManifestException(list.location(), e);
    }
  }

  private void move(long snapshotId, InList list, byte[] bytes) {
    byte[] moved = ListedSpecs.move(bytes, candidates.freshIds());
    String target = attempt.names().manifestList(snapshotId);
    attempt.destination().put(target, moved);
    manifests.put(snapshotId, new InList(target));
    entries.add(
        new LedgerEntry(LedgerEntry.Kind.MANIFEST_LIST, list.location(), target, moved.length));
  }

  private byte[] read(String location) {
    try (InputStream in = attempt.destination().open(location)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The specs that lists in fact name. */
  MovedSpecs specs() {
    return candidates.only(used);
  }

  /** The rewritten lists by snapshot. */
  Map<Long, SnapshotManifests> manifests() {
    return manifests;
  }

  long bytes() {
    return entries.stream().mapToLong(LedgerEntry::length).sum();
  }

  List<LedgerEntry> entries() {
    return entries;
  }
}
