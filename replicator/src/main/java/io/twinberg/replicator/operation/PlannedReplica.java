package io.twinberg.replicator.operation;

import io.twinberg.replica.Replica;
import io.twinberg.replicator.reconcile.Target;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A table at a destination, as rules want it.
 *
 * @param table its name at the source
 * @param replica the one that there is; empty: it would begin
 */
record PlannedReplica(TableIdentifier table, Target target, Optional<Replica> replica) {}
