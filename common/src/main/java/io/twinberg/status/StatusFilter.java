package io.twinberg.status;

import io.twinberg.database.NamespaceColumn;
import io.twinberg.replica.ReplicaLifecycle;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.iceberg.catalog.Namespace;

/**
 * Which replicas are asked for; an empty member takes all.
 *
 * @param namespace the namespace of the table at the source
 * @param tablePrefix what the table's name at the source begins with
 * @param tableContains what it holds anywhere
 * @param minLag only replicas that have lacked a version for at least as long
 */
public record StatusFilter(
    Optional<String> source,
    Optional<String> destination,
    Optional<ReplicaState> state,
    Optional<ReplicaLifecycle> lifecycle,
    Optional<Boolean> paused,
    Optional<Boolean> needsPerson,
    Optional<Namespace> namespace,
    Optional<String> tablePrefix,
    Optional<String> tableContains,
    Optional<Duration> minLag) {
  /** All replicas. */
  public static final StatusFilter ALL = of(Optional.empty(), Optional.empty(), Optional.empty());

  /** Replicas between a source and a destination in a state. */
  public static StatusFilter of(
      Optional<String> source, Optional<String> destination, Optional<ReplicaState> state) {
    return new StatusFilter(
        source,
        destination,
        state,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Whether replicas are asked for; lags are as old as they are now. */
  Predicate<ListedReplica> at(Instant now) {
    Optional<String> tableNamespace = namespace.map(NamespaceColumn::of);
    Optional<Instant> since = minLag.map(now::minus);
    return replica ->
        is(source, replica.source())
            && is(destination, replica.destination())
            && is(state, replica.state())
            && is(lifecycle, replica.lifecycle())
            && is(paused, replica.paused())
            && is(needsPerson, replica.needsPerson())
            && is(tableNamespace, replica.tableNamespace())
            && tablePrefix.filter(text -> !replica.tableName().startsWith(text)).isEmpty()
            && tableContains.filter(text -> !replica.tableName().contains(text)).isEmpty()
            && since.filter(at -> !lagsSince(replica, at)).isEmpty();
  }

  private static <T> boolean is(Optional<T> wanted, T value) {
    return wanted.isEmpty() || wanted.get().equals(value);
  }

  private static boolean lagsSince(ListedReplica replica, Instant at) {
    return replica.lagSince().filter(since -> !since.isAfter(at)).isPresent();
  }
}
