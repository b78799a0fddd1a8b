package io.twinberg.replicator.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.Outcome;
import io.twinberg.replica.DroppedReplica;
import io.twinberg.replica.DroppedReplicas;
import io.twinberg.replica.NotDroppableException;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.mapping.ReplicaFolder;
import io.twinberg.replicator.settings.ReplicatorEnds;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops a replica: takes it away from readers at once, and has its files removed afterwards. From
 * then on the operation comes to its end, whoever cancels it and however often its process dies.
 */
final class DropWork {
  private static final Logger LOG = LoggerFactory.getLogger(DropWork.class);

  private final DroppedReplicas dropped;
  private final Replicas replicas;
  private final Map<String, ReplicatorEnds.Destination> destinations;
  private final DroppedFiles files;
  private final ReplicaListener listener;
  private final CrashPoints crashPoints;

  DropWork(
      DroppedReplicas dropped,
      Replicas replicas,
      Map<String, ReplicatorEnds.Destination> destinations,
      DroppedFiles files,
      ReplicaListener listener,
      CrashPoints crashPoints) {
    this.dropped = dropped;
    this.replicas = replicas;
    this.destinations = Map.copyOf(destinations);
    this.files = files;
    this.listener = listener;
    this.crashPoints = crashPoints;
  }

  /** Whether the replica is gone and its files are not. */
  boolean hasBegun(Operation operation) {
    return dropped.of(operation.id()).isPresent();
  }

  Outcome run(Operation operation, RunningOperation running) throws InterruptedException {
    Optional<DroppedReplica> known = dropped.of(operation.id());
    if (known.isEmpty()) {
      try {
        known = drop(operation.id(), (OperationRequest.Drop) operation.request());
      } catch (NotDroppableException e) {
        return Outcome.failed(String.valueOf(e.getMessage()));
      }
    }
    return known.isPresent() ? removed(known.get(), running) : gone(operation);
  }

  private Optional<DroppedReplica> drop(String operationId, OperationRequest.Drop request) {
    Optional<Replica> replica = replicas.find(request.replicaId());
    replica.ifPresent(this::requireReachable);
    Optional<DroppedReplica> away =
        dropped.drop(operationId, request.replicaId(), request.generation());
    // What this process serves from memory must not outlive it.
    listener.namesChanged();
    away.ifPresent(
        gone ->
            LOG.info(
                "replica dropped replica={} table={} destination={} folder={}",
                gone.replicaId(),
                gone.name(),
                gone.destination(),
                gone.folder()));
    crashPoints.passed(CrashPoint.REPLICA_DROPPED);
    return away;
  }

  private void requireReachable(Replica replica) {
    ReplicatorEnds.Destination destination = destinations.get(replica.destination());
    if (destination == null) {
      throw new NotDroppableException(
          "the destination "
              + replica.destination()
              + " is not in the configuration any more, so that no files could be removed there: put it back");
    }
    if (!ReplicaFolder.isOf(replica.folder(), destination.root(), replica.id())) {
      throw new NotDroppableException(
          "the folder %s is none that Twinberg gives the replica %s below %s, the root of the destination %s: nothing is removed; if the root was another one when the replica was made, write that again"
              .formatted(replica.folder(), replica.id(), destination.root(), destination.name()));
    }
  }

  private Outcome removed(DroppedReplica replica, RunningOperation running)
      throws InterruptedException {
    running.beyondRecall();
    long removed = files.remove(replica, destinations, running);
    crashPoints.passed(CrashPoint.REPLICA_FILES_REMOVED);
    dropped.forget(replica.replicaId());
    crashPoints.passed(CrashPoint.REPLICA_FORGOTTEN);
    ObjectNode json =
        VerifyWork.object()
            .put("ok", true)
            .put("replicaId", replica.replicaId())
            .put("destination", replica.destination())
            .put("folder", replica.folder())
            .put("filesRemoved", removed);
    return Outcome.completed(
        "%s at %s dropped, %s removed"
            .formatted(replica.name(), replica.destination(), VerifyResult.number(removed, "file")),
        json.toString());
  }

  /**
   * Another operation may have dropped it, or this one, whose last process died before it said so.
   */
  private static Outcome gone(Operation operation) {
    return Outcome.completed(
        operation.request().target() + ": the replica is gone already",
        VerifyWork.object().put("ok", true).put("filesRemoved", 0).toString());
  }
}
