package io.twinberg.status;

import io.twinberg.replica.ErrorCode;
import io.twinberg.replica.ReplicaLifecycle;
import java.time.Instant;
import java.util.Optional;

/**
 * What replicas are chosen, sorted and counted by.
 *
 * @param tableNamespace the namespace of its table at the source, as columns hold it; {@code
 *     namespace} is that at the destination
 * @param needsPerson whether it has failed and goes on only when somebody acts
 * @param lagVersions how many versions of its table it has not applied
 * @param lagSince when the source committed the oldest of them; empty without any
 * @param appliedAt when it was last published; empty before
 */
record ListedReplica(
    String id,
    String source,
    String destination,
    String namespace,
    String name,
    String tableNamespace,
    String tableName,
    ReplicaLifecycle lifecycle,
    boolean paused,
    Optional<ErrorCode> error,
    boolean needsPerson,
    ReplicaState state,
    long lagVersions,
    Optional<Instant> lagSince,
    Optional<Instant> appliedAt) {
  ListedReplica with(ReplicaState reached, ReplicaWork work) {
    return new ListedReplica(
        id,
        source,
        destination,
        namespace,
        name,
        tableNamespace,
        tableName,
        lifecycle,
        paused,
        error,
        needsPerson,
        reached,
        work.versions(),
        work.since(),
        appliedAt);
  }
}
