package io.twinberg.replicator.operation;

import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.reconcile.Target;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Finds the replicas that tables have already, and those of others that stand in their way. A table
 * is known by its name and its UUID: one whose renaming nobody has seen yet counts as new.
 */
final class PlannedReplicas {
  private static final String ONLY_REFERENCE = "";

  private final Replicas replicas;
  private final SourceTables tables;

  PlannedReplicas(Replicas replicas, SourceTables tables) {
    this.replicas = replicas;
    this.tables = tables;
  }

  PlannedReplica of(String source, TableIdentifier table, String uuid, Target target) {
    Optional<Replica> replica =
        tables
            .active(source, ONLY_REFERENCE, table)
            .filter(known -> known.uuid().equals(uuid))
            .flatMap(known -> at(known, target.destination()));
    return new PlannedReplica(table, target, replica);
  }

  private Optional<Replica> at(SourceTable table, String destination) {
    return replicas.ofTable(table.id()).stream()
        .filter(replica -> replica.destination().equals(destination))
        .findFirst();
  }

  /** The replica of another table that keeps the name, so that the planned one could not begin. */
  Optional<Replica> inTheWay(String source, PlannedReplica planned) {
    return replicas
        .byName(planned.target().destination(), planned.target().name())
        .filter(owner -> planned.replica().map(own -> !own.id().equals(owner.id())).orElse(true))
        .filter(owner -> !makesWay(owner, source, planned.table()));
  }

  /** What follows nothing steps aside, and so does what had the table's very name before it. */
  private boolean makesWay(Replica owner, String source, TableIdentifier table) {
    boolean followsNothing =
        owner.lifecycle() == ReplicaLifecycle.SOURCE_DROPPED
            || owner.lifecycle() == ReplicaLifecycle.UNMATCHED;
    boolean hadTheName =
        tables.find(owner.tableId()).map(SourceTable::name).filter(table::equals).isPresent();
    return owner.source().equals(source) && (followsNothing || hadTheName);
  }
}
