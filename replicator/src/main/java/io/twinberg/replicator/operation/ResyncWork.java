package io.twinberg.replicator.operation;

import io.twinberg.log.EntryKind;
import io.twinberg.operation.Operation;
import io.twinberg.operation.Outcome;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import io.twinberg.replica.Resyncs;
import io.twinberg.replicator.verify.StoppedException;
import io.twinberg.wake.Wake;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Has the lanes of replicas, in whatever process, repair them, and gathers what they say. */
final class ResyncWork {
  private static final long LOOK_MILLIS = 100;

  private final Resyncs resyncs;
  private final Replicas replicas;
  private final TargetedReplicas targeted;
  private final Wake lanes;

  ResyncWork(Resyncs resyncs, Replicas replicas, TargetedReplicas targeted, Wake lanes) {
    this.resyncs = resyncs;
    this.replicas = replicas;
    this.targeted = targeted;
    this.lanes = lanes;
  }

  Outcome run(Operation operation, RunningOperation running) throws InterruptedException {
    ResyncResult result = new ResyncResult();
    Map<String, Replica> left = new HashMap<>();
    for (String id : targeted.ids(operation.request().target())) {
      replicas
          .find(id)
          .filter(replica -> replica.kind() == EntryKind.TABLE)
          .ifPresent(replica -> left.put(id, replica));
    }
    resyncs.ask(operation.id(), left.keySet());
    lanes.signal();
    int all = left.size();
    try {
      while (!left.isEmpty()) {
        running.at("%d of %d replicas repaired".formatted(all - left.size(), all));
        gather(operation.id(), left, result);
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (StoppedException e) {
      if (running.cancelledBy().isPresent()) {
        resyncs.forget(operation.id());
      }
      throw e;
    }
    resyncs.forget(operation.id());
    return Outcome.completed(result.summary(), result.json().toString());
  }

  private void gather(String operationId, Map<String, Replica> left, ResyncResult result) {
    Map<String, Optional<String>> asked = resyncs.of(operationId);
    Set<String> ended = new HashSet<>();
    left.forEach(
        (id, replica) -> {
          Optional<String> done = asked.getOrDefault(id, Optional.empty());
          if (done.isPresent()) {
            result.resynced(replica, done.get());
            ended.add(id);
          } else {
            Optional<String> hindrance = hindrance(id, asked.containsKey(id));
            hindrance.ifPresent(
                reason -> {
                  resyncs.forget(operationId, id);
                  result.unfinished(replica, reason);
                  ended.add(id);
                });
          }
        });
    left.keySet().removeAll(ended);
  }

  /** Why waiting for the lane of a replica is in vain. */
  private Optional<String> hindrance(String replicaId, boolean asked) {
    Optional<Replica> replica = replicas.find(replicaId);
    if (replica.isEmpty()) {
      return Optional.of("it is gone");
    }
    if (!asked) {
      return Optional.of("a later resync has taken it over");
    }
    if (replica.get().paused()) {
      return Optional.of("it is paused: resume it first");
    }
    if (replica.get().metadataLocation().isEmpty()) {
      return Optional.of("it shows no version yet");
    }
    if (replica.get().historyThrough().isPresent()) {
      return Optional.of("its history is still on its way");
    }
    return replica
        .get()
        .failure()
        .filter(failure -> replica.get().attempts() > 0)
        .map(failure -> "it fails with " + failure.code() + ": " + failure.message());
  }
}
