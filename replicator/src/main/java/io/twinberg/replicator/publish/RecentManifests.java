package io.twinberg.replicator.publish;

import io.twinberg.replicator.plan.NeighbourManifests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The manifests of the last few snapshots that an attempt brought, and behind them what is
 * published.
 */
final class RecentManifests implements NeighbourManifests {
  private static final int KEPT = 8;

  private final NeighbourManifests published;
  private final Map<Long, List<String>> recent =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, List<String>> eldest) {
          return size() > KEPT;
        }
      };

  RecentManifests(NeighbourManifests published) {
    this.published = published;
  }

  void remember(long snapshotId, List<String> targets) {
    recent.put(snapshotId, targets);
  }

  @Override
  public List<String> targets(long snapshotId) {
    List<String> known = recent.get(snapshotId);
    return known == null ? published.targets(snapshotId) : known;
  }
}
