package io.twinberg.replicator.lane;

import io.twinberg.replica.Lease;
import io.twinberg.replica.Replica;
import io.twinberg.wake.Wake;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The replicas that lanes of this process work on now, how far they are, and how to stop each. */
final class WorkUnderWay {
  private final Map<String, ClaimedWork> byReplica = new ConcurrentHashMap<>();

  private final Wake lanes;

  /**
   * No work yet.
   *
   * @param lanes the bell of the lanes that do the work
   */
  WorkUnderWay(Wake lanes) {
    this.lanes = lanes;
  }

  /** A lane begins; of one replica there is one at most. */
  ClaimedWork begin(Replica replica, Lease lease) {
    ClaimedWork work = ClaimedWork.on(replica, lease, lanes);
    byReplica.put(replica.id(), work);
    return work;
  }

  void end(String replicaId) {
    byReplica.remove(replicaId);
  }

  /** Somebody else has taken over: what is done under the lease is for nothing. */
  void lost(Lease lease) {
    byReplica.values().stream()
        .filter(work -> work.lease().equals(lease))
        .forEach(work -> work.stop().stop());
  }

  List<ClaimedWork> all() {
    return List.copyOf(byReplica.values());
  }
}
