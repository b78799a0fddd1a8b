package io.twinberg.replicator.lane;

import io.twinberg.replicator.metadata.MetadataFacts;
import java.util.HashSet;
import java.util.Set;

/** The snapshots that waiting versions bring, which a version that stands for them must have. */
final class CarriedSnapshots {
  private final Set<Long> ids = new HashSet<>();

  boolean allIn(MetadataFacts facts) {
    return facts.snapshotIds().containsAll(ids);
  }

  void add(MetadataFacts facts, Set<Long> present) {
    facts.snapshotIds().stream().filter(id -> !present.contains(id)).forEach(ids::add);
  }
}
