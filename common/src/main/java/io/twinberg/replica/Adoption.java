package io.twinberg.replica;

import io.twinberg.audit.AuditLog;
import io.twinberg.config.RefSelection;
import io.twinberg.database.Database;
import io.twinberg.database.EntryHash;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.database.PathHash;
import io.twinberg.log.EntryKind;
import io.twinberg.log.TableLifecycle;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Takes a replica that exists in a bucket into a database that does not know it, with its table and
 * version, so that it is served again and goes on from where it stands when its source is back.
 */
public final class Adoption {
  /** A replica as its bucket describes it. */
  public record Found(
      NewReplicaWithPointer replica,
      TableIdentifier sourceName,
      String tableUuid,
      String sourceLocation,
      String sourceMetadataLocation,
      long lastSequenceNumber,
      OptionalLong snapshotId,
      Instant committedAt,
      Standing standing) {
    /** A replica of a table that its source had when the pointer was written. */
    public Found(
        NewReplicaWithPointer replica,
        TableIdentifier sourceName,
        String tableUuid,
        String sourceLocation,
        String sourceMetadataLocation,
        long lastSequenceNumber,
        OptionalLong snapshotId,
        Instant committedAt) {
      this(
          replica,
          sourceName,
          tableUuid,
          sourceLocation,
          sourceMetadataLocation,
          lastSequenceNumber,
          snapshotId,
          committedAt,
          Standing.FOLLOWING);
    }
  }

  /**
   * What a replica is of, and what had become of it.
   *
   * @param incarnation which history under the table's UUID it follows
   */
  public record Standing(EntryKind kind, int incarnation, ReplicaLifecycle lifecycle) {
    /** A table that the source has, with its first history. */
    public static final Standing FOLLOWING =
        new Standing(EntryKind.TABLE, 1, ReplicaLifecycle.ACTIVE);

    boolean dropped() {
      return lifecycle == ReplicaLifecycle.SOURCE_DROPPED;
    }
  }

  /**
   * The replica's own part.
   *
   * @param refs the branches and tags to which its version is restricted
   */
  public record NewReplicaWithPointer(
      String id,
      String source,
      String destination,
      TableIdentifier name,
      String folder,
      List<PrefixMapping> mapping,
      long generation,
      long position,
      String metadataLocation,
      RefSelection refs) {
    /** A replica with all refs. */
    public NewReplicaWithPointer(
        String id,
        String source,
        String destination,
        TableIdentifier name,
        String folder,
        List<PrefixMapping> mapping,
        long generation,
        long position,
        String metadataLocation) {
      this(
          id,
          source,
          destination,
          name,
          folder,
          mapping,
          generation,
          position,
          metadataLocation,
          new RefSelection.All());
    }

    /** Copies the list. */
    public NewReplicaWithPointer {
      mapping = List.copyOf(mapping);
    }
  }

  private final Jdbi jdbi;
  private final Clock clock;

  /** Adopts into one database. */
  public Adoption(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /**
   * Adopts a replica; false when the database has it already.
   *
   * @throws TargetTakenException when its name at the destination belongs to another replica
   */
  public boolean adopt(Found found) {
    return jdbi.inTransaction(
        handle -> {
          if (Replicas.find(handle, found.replica().id()).isPresent()) {
            return false;
          }
          refuseTaken(handle, found.replica());
          raiseSource(handle, found.replica());
          Pauses.lock(handle, found.replica().source());
          long tableId = table(handle, found);
          version(handle, found, tableId);
          replica(handle, found, tableId);
          mapping(handle, found.replica());
          Pauses.applyTo(handle, found.replica().id());
          Replica recovered = Replicas.find(handle, found.replica().id()).orElseThrow();
          AuditLog.append(handle, clock.instant(), VersionEvents.recovered(handle, recovered));
          return true;
        });
  }

  private static void refuseTaken(Handle handle, NewReplicaWithPointer replica) {
    Replicas.refuseTaken(handle, replica.id(), replica.destination(), replica.name());
  }

  /** New positions must come after every recovered one. */
  private static void raiseSource(Handle handle, NewReplicaWithPointer replica) {
    handle.execute(
        "insert into source (name, last_position) values (?, 0) on conflict do nothing",
        replica.source());
    handle.execute(
        "update source set last_position = ? where name = ? and last_position < ?",
        replica.position(),
        replica.source(),
        replica.position());
  }

  /** A table with replicas at several destinations is adopted once. */
  private long table(Handle handle, Found found) {
    Optional<Long> known =
        handle
            .createQuery(
                """
                select id from source_table
                where source = :source and entry_hash = :hash and reference = '' and table_uuid = :uuid
                  and namespace = :namespace and name = :name and kind = :kind and incarnation = :incarnation
                  and (lifecycle <> 'DROPPED' or :dropped)
                order by id desc limit 1
                """)
            .bind("kind", found.standing().kind())
            .bind("incarnation", found.standing().incarnation())
            .bind("dropped", found.standing().dropped())
            .bind("source", found.replica().source())
            .bind("hash", EntryHash.of(found.sourceName()))
            .bind("uuid", found.tableUuid())
            .bind("namespace", NamespaceColumn.of(found.sourceName().namespace()))
            .bind("name", found.sourceName().name())
            .mapTo(Long.class)
            .findOne();
    if (known.isEmpty()) {
      return insertTable(handle, found);
    }
    handle.execute(
        "update source_table set head_position = ? where id = ? and coalesce(head_position, 0) < ?",
        found.replica().position(),
        known.get(),
        found.replica().position());
    return known.get();
  }

  /**
   * A dropped and re-created table has left two folders that name the same catalog entry: the newer
   * one has the name, as it had when both were written.
   */
  private long insertTable(Handle handle, Found found) {
    if (found.standing().dropped()) {
      return insertTable(handle, found, TableLifecycle.DROPPED);
    }
    if (found.standing().lifecycle() == ReplicaLifecycle.ARCHIVED) {
      return insertTable(handle, found, TableLifecycle.SUPERSEDED);
    }
    OptionalLong holder = positionOfName(handle, found);
    boolean newest = holder.isEmpty() || holder.getAsLong() < found.replica().position();
    if (newest && holder.isPresent()) {
      supersede(handle, found);
    }
    return insertTable(handle, found, newest ? TableLifecycle.ACTIVE : TableLifecycle.SUPERSEDED);
  }

  private static OptionalLong positionOfName(Handle handle, Found found) {
    return handle
        .createQuery(
            """
            select coalesce(head_position, 0) from source_table
            where source = :source and entry_hash = :hash and reference = '' and lifecycle = 'ACTIVE'
              and kind = :kind
            """)
        .bind("kind", found.standing().kind())
        .bind("source", found.replica().source())
        .bind("hash", EntryHash.of(found.sourceName()))
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  private static void supersede(Handle handle, Found found) {
    handle.execute(
        """
        update source_table set lifecycle = 'SUPERSEDED'
        where source = ? and entry_hash = ? and reference = '' and lifecycle = 'ACTIVE' and kind = ?
        """,
        found.replica().source(),
        EntryHash.of(found.sourceName()),
        found.standing().kind());
  }

  private long insertTable(Handle handle, Found found, TableLifecycle lifecycle) {
    long id = insertRow(handle, found, lifecycle);
    endEarlierHistories(handle, found);
    return id;
  }

  /** Of several histories under one UUID and name only the last goes on, whichever comes first. */
  private static void endEarlierHistories(Handle handle, Found found) {
    handle
        .createUpdate(
            """
            update source_table set lifecycle = 'ENDED'
            where source = :source and entry_hash = :hash and reference = '' and table_uuid = :uuid and kind = :kind
              and incarnation < (select max(t.incarnation) from source_table t
                                 where t.source = :source and t.entry_hash = :hash and t.reference = ''
                                   and t.table_uuid = :uuid and t.kind = :kind)
            """)
        .bind("kind", found.standing().kind())
        .bind("source", found.replica().source())
        .bind("hash", EntryHash.of(found.sourceName()))
        .bind("uuid", found.tableUuid())
        .execute();
  }

  private long insertRow(Handle handle, Found found, TableLifecycle lifecycle) {
    return handle
        .createUpdate(
            """
            insert into source_table (kind, source, reference, namespace, name, table_uuid, incarnation, lifecycle,
                                      location, head_position, discovered_at, check_after, unchanged_checks)
            values (:kind, :source, '', :namespace, :name, :uuid, :incarnation, :lifecycle, :location, :head,
                    :now, :now, 0)
            """)
        .bind("kind", found.standing().kind())
        .bind("incarnation", found.standing().incarnation())
        .bind("source", found.replica().source())
        .bind("namespace", NamespaceColumn.of(found.sourceName().namespace()))
        .bind("name", found.sourceName().name())
        .bind("uuid", found.tableUuid())
        .bind("lifecycle", lifecycle)
        .bind("location", found.sourceLocation())
        .bind("head", found.replica().position())
        .bind("now", clock.instant())
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  private void version(Handle handle, Found found, long tableId) {
    handle
        .createUpdate(
            """
            insert into table_version (source, position, table_id, metadata_location, location_hash, origin,
                last_sequence_number, last_updated_at, snapshot_id, logged_at)
            values (:source, :position, :table, :location, :hash, 'DISCOVERED', :sequence, :updated, :snapshot, :now)
            on conflict do nothing
            """)
        .bind("source", found.replica().source())
        .bind("position", found.replica().position())
        .bind("table", tableId)
        .bind("location", found.sourceMetadataLocation())
        .bind("hash", PathHash.of(found.sourceMetadataLocation()))
        .bind("sequence", found.lastSequenceNumber())
        .bind("updated", found.committedAt())
        .bind("snapshot", boxed(found.snapshotId()))
        .bind("now", clock.instant())
        .execute();
  }

  private static Long boxed(OptionalLong value) {
    return value.isPresent() ? (Long) value.getAsLong() : null;
  }

  private void replica(Handle handle, Found found, long tableId) {
    NewReplicaWithPointer replica = found.replica();
    handle
        .createUpdate(
            """
            insert into replica (id, kind, table_id, source, destination, namespace, name, folder, lifecycle, paused,
                position, generation, pointer_generation, metadata_location, shown_refs, attempts, next_attempt_at, needs_person,
                created_at)
            values (:id, :kind, :table, :source, :destination, :namespace, :name, :folder, :lifecycle, false,
                :position, :generation, :generation, :metadata, :refs, 0, :now, false, :now)
            """)
        .bind("id", replica.id())
        .bind("kind", found.standing().kind())
        .bind("lifecycle", found.standing().lifecycle())
        .bind("table", tableId)
        .bind("source", replica.source())
        .bind("destination", replica.destination())
        .bind("namespace", NamespaceColumn.of(replica.name().namespace()))
        .bind("name", replica.name().name())
        .bind("folder", replica.folder())
        .bind("position", replica.position())
        .bind("generation", replica.generation())
        .bind("metadata", replica.metadataLocation())
        .bind("refs", RefSelectionColumn.of(replica.refs()))
        .bind("now", clock.instant())
        .execute();
  }

  private static void mapping(Handle handle, NewReplicaWithPointer replica) {
    Replicas.insertMapping(handle, replica.id(), replica.mapping());
  }
}
