package io.twinberg.replicator.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.operation.Operation;
import io.twinberg.operation.Outcome;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import io.twinberg.replica.PauseScope;
import io.twinberg.replica.Paused;
import io.twinberg.replica.Pauses;
import io.twinberg.wake.Wake;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Pauses and resumes. A pause has come to its end when nobody works any more on what it takes in,
 * and nobody can publish it either: the lease of a process that died is claimed, so that one that
 * only stood still is fenced off.
 */
final class PauseWork {
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final long LOOK_MILLIS = 50;

  private final Pauses pauses;
  private final TargetedReplicas targeted;
  private final Leases leases;
  private final String processId;
  private final Wake lanes;

  PauseWork(Pauses pauses, TargetedReplicas targeted, Leases leases, String processId, Wake lanes) {
    this.pauses = pauses;
    this.targeted = targeted;
    this.leases = leases;
    this.processId = processId;
    this.lanes = lanes;
  }

  Outcome pause(Operation operation, RunningOperation running) throws InterruptedException {
    ReplicaTarget target = operation.request().target();
    List<String> ids = targeted.ids(target);
    pauses.pause(scopes(target, ids), operation.requestedBy());
    Set<String> mine = new HashSet<>(targeted.ids(target));
    List<String> worked = workedOn(mine);
    while (!worked.isEmpty()) {
      running.at("waiting for the end of the work on " + replicas(worked.size()));
      Thread.sleep(LOOK_MILLIS);
      worked.forEach(this::fence);
      worked = workedOn(mine);
    }
    String json = result(mine.size()).put("paused", mine.size()).toString();
    return Outcome.completed(
        "%s paused at %s; commits are logged meanwhile, and the log keeps them until it is resumed"
            .formatted(replicas(mine.size()), target),
        json);
  }

  private List<String> workedOn(Set<String> ids) {
    return pauses.workedOn().stream().filter(ids::contains).toList();
  }

  /** Of a lease that is prolonged still this has no effect. */
  private void fence(String replicaId) {
    leases.claim(Lease.ofReplica(replicaId), processId, MOMENT).ifPresent(leases::release);
  }

  Outcome resume(Operation operation) {
    ReplicaTarget target = operation.request().target();
    List<String> ids = targeted.ids(target);
    long before = paused(target);
    if (target.equals(ReplicaTarget.ALL)) {
      pauses.resumeAll();
    } else {
      pauses.resume(scopes(target, ids));
    }
    lanes.signal();
    Map<PauseScope, Long> left = targeted.paused(target);
    long paused = left.values().stream().mapToLong(Long::longValue).sum();
    long resumed = Math.max(0, before - paused);
    ObjectNode json = result(ids.size()).put("resumed", resumed).put("stillPaused", paused);
    ObjectNode by = json.putObject("stillPausedBy");
    left.forEach((scope, count) -> by.put(scope.word(), count));
    return Outcome.completed(
        resumed == 0 && paused == 0
            ? "nothing to resume: no replica of " + target + " is paused"
            : replicas(resumed) + " resumed" + still(left),
        json.toString());
  }

  private long paused(ReplicaTarget target) {
    return targeted.paused(target).values().stream().mapToLong(Long::longValue).sum();
  }

  /** What has to be resumed besides. */
  private static String still(Map<PauseScope, Long> left) {
    return left.isEmpty()
        ? ""
        : left.entrySet().stream()
            .map(
                entry ->
                    replicas(entry.getValue())
                        + " still paused with the "
                        + entry.getKey().word().replace('-', ' '))
            .collect(Collectors.joining(", ", "; ", ": resume that, too"));
  }

  private static List<Paused> scopes(ReplicaTarget target, List<String> ids) {
    return target.table().isPresent()
        ? ids.stream().map(Paused::replica).toList()
        : List.of(new Paused(target.source(), target.destination(), Optional.empty()));
  }

  private static ObjectNode result(int replicas) {
    return VerifyWork.object().put("ok", true).put("replicas", replicas);
  }

  private static String replicas(long number) {
    return number + (number == 1 ? " replica" : " replicas");
  }
}
