package io.twinberg.replica;

import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Drops replicas, and keeps of each what removing its files needs. One transaction takes the
 * replica away, so that readers have all of it or nothing, its name is free, and no process that
 * works on it can publish it any more.
 */
public final class DroppedReplicas {
  private static final List<String> OWN_ROWS =
      List.of("replica_mapping", "ledger", "receipt", "staged_publication");

  private final Jdbi jdbi;
  private final Clock clock;

  /** The dropped replicas of one database. */
  public DroppedReplicas(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /** What dropping a replica would take away; empty when there is none of that id. */
  public Optional<DropPreview> preview(String replicaId) {
    return jdbi.withHandle(handle -> Replicas.find(handle, replicaId).map(DropPreview::new));
  }

  /**
   * Drops a replica on behalf of an operation; empty when it is gone already.
   *
   * @param generation the one that was shown to whoever confirmed it
   * @throws NotDroppableException when it may not be dropped as it is now; nothing has changed
   */
  public Optional<DroppedReplica> drop(String operationId, String replicaId, long generation) {
    return jdbi.inTransaction(
        handle -> {
          Leases.fenceOff(handle, Lease.ofReplica(replicaId));
          Optional<Replica> replica = Replicas.lockIfThere(handle, replicaId);
          replica.ifPresent(
              found -> {
                requireDroppable(found, generation);
                requireOwnFolder(handle, found);
                insert(handle, operationId, found);
                delete(handle, replicaId);
              });
          return replica.flatMap(found -> of(handle, operationId));
        });
  }

  private static void requireDroppable(Replica replica, long generation) {
    if (replica.lifecycle() == ReplicaLifecycle.ACTIVE) {
      throw new NotDroppableException(
          "%s at %s follows its table again, and would come back at once: disable the rule that covers it first, or leave the table out of it"
              .formatted(replica.name(), replica.destination()));
    }
    if (replica.paused()) {
      throw new NotDroppableException(
          "%s at %s is paused: resume it first".formatted(replica.name(), replica.destination()));
    }
    if (replica.generation() != generation) {
      throw new NotDroppableException(
          "%s at %s has got another version since it was confirmed: look at it again"
              .formatted(replica.name(), replica.destination()));
    }
  }

  /** A folder that a pointer object of a bucket named may be anywhere. */
  private static void requireOwnFolder(Handle handle, Replica replica) {
    List<String> others =
        handle
            .createQuery(
                """
                select id from replica
                where id <> :id and (left(folder, char_length(:folder) + 1) in (:folder, :folder || '/')
                                     or left(:folder, char_length(folder) + 1) = folder || '/')
                order by id
                """)
            .bind("id", replica.id())
            .bind("folder", replica.folder())
            .mapTo(String.class)
            .list();
    if (!others.isEmpty()) {
      throw new NotDroppableException(
          "the folder %s holds files of the replicas %s too: nothing is removed"
              .formatted(replica.folder(), others));
    }
  }

  private void insert(Handle handle, String operationId, Replica replica) {
    handle
        .createUpdate(
            """
            insert into dropped_replica (replica_id, operation_id, source, destination, namespace, name, folder,
                dropped_at, removed)
            values (:id, :operation, :source, :destination, :namespace, :name, :folder, :now, 0)
            """)
        .bind("id", replica.id())
        .bind("operation", operationId)
        .bind("source", replica.source())
        .bind("destination", replica.destination())
        .bind("namespace", NamespaceColumn.of(replica.name().namespace()))
        .bind("name", replica.name().name())
        .bind("folder", replica.folder())
        .bind("now", clock.instant())
        .execute();
  }

  private static void delete(Handle handle, String replicaId) {
    OWN_ROWS.forEach(
        table ->
            handle
                .createUpdate("delete from <table> where replica_id = :id")
                .define("table", table)
                .bind("id", replicaId)
                .execute());
    handle.execute("delete from replica where id = ?", replicaId);
  }

  /** The replica that an operation has dropped, while files of it may be left. */
  public Optional<DroppedReplica> of(String operationId) {
    return jdbi.withHandle(handle -> of(handle, operationId));
  }

  private static Optional<DroppedReplica> of(Handle handle, String operationId) {
    return handle
        .createQuery("select * from dropped_replica where operation_id = :operation")
        .bind("operation", operationId)
        .map((row, context) -> dropped(row))
        .findOne();
  }

  private static DroppedReplica dropped(ResultSet row) throws SQLException {
    return new DroppedReplica(
        row.getString("replica_id"),
        row.getString("operation_id"),
        row.getString("source"),
        row.getString("destination"),
        TableIdentifier.of(
            NamespaceColumn.parse(row.getString("namespace")), row.getString("name")),
        row.getString("folder"),
        row.getTimestamp("dropped_at").toInstant(),
        row.getLong("removed"));
  }

  /** Whether a replica was dropped, and its files are being removed. */
  static boolean has(Handle handle, String replicaId) {
    return handle
            .createQuery("select count(*) from dropped_replica where replica_id = :id")
            .bind("id", replicaId)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  /** Counts files that are gone, and returns how many are by now. */
  public long removed(String replicaId, int files) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    "update dropped_replica set removed = removed + :files where replica_id = :id")
                .bind("files", files)
                .bind("id", replicaId)
                .executeAndReturnGeneratedKeys("removed")
                .mapTo(Long.class)
                .one());
  }

  /** Forgets a replica of which no file is left. */
  public void forget(String replicaId) {
    jdbi.useTransaction(
        handle -> {
          handle.execute("delete from dropped_replica where replica_id = ?", replicaId);
          handle.execute("delete from lease where resource = ?", Lease.ofReplica(replicaId));
        });
  }
}
