package io.twinberg.replicator.lane;

import io.twinberg.replica.Lease;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The replicas that lanes of this process work on now, how far they are, and how to stop each. */
final class WorkUnderWay {
  private final Map<String, ClaimedWork> byReplica = new ConcurrentHashMap<>();

  /** A lane begins; of one replica there is one at most. */
  ClaimedWork begin(String replicaId, Lease lease) {
    ClaimedWork work = new ClaimedWork(replicaId, lease);
    byReplica.put(replicaId, work);
    return work;
  }

  void end(String replicaId) {
    byReplica.remove(replicaId);
  }

  /** The replicas that are not told to stop yet. */
  Set<String> replicas() {
    return Set.copyOf(byReplica.keySet());
  }

  List<ClaimedWork> all() {
    return List.copyOf(byReplica.values());
  }

  void stop(String replicaId) {
    ClaimedWork work = byReplica.get(replicaId);
    if (work != null) {
      work.stop().stop();
    }
  }
}
