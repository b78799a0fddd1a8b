package io.twinberg.replicator.lane;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The replicas that lanes of this process work on now, and how to stop each. */
final class WorkUnderWay {
  private final Map<String, WorkStop> byReplica = new ConcurrentHashMap<>();

  /** A lane begins; of one replica there is one at most. */
  WorkStop begin(String replicaId) {
    WorkStop stop = new WorkStop();
    byReplica.put(replicaId, stop);
    return stop;
  }

  void end(String replicaId) {
    byReplica.remove(replicaId);
  }

  /** The replicas that are not told to stop yet. */
  Set<String> replicas() {
    return Set.copyOf(byReplica.keySet());
  }

  void stop(String replicaId) {
    WorkStop stop = byReplica.get(replicaId);
    if (stop != null) {
      stop.stop();
    }
  }
}
