package io.twinberg.replica;

import io.twinberg.audit.AuditLog;
import io.twinberg.config.RefSelection;
import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Instant;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Moves a replica's pointer: fencing check, compare-and-set on the generation and on what the
 * replica keeps, position, receipt, ledger and the audit's entry in one transaction. Before it a
 * reader sees the old version, after it the new one, never a mixture.
 */
public final class Publisher {
  private static final String HIGHER_POSITION = "position < :position";

  private final Jdbi jdbi;
  private final Clock clock;
  private final ReplicaListener listener;

  /**
   * @param listener told of each moved replica after the commit, so that caches of this process let
   *     go of the old pointer
   */
  public Publisher(Database database, Clock clock, ReplicaListener listener) {
    this.jdbi = database.jdbi();
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * Publishes and returns the replica as it is now.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing has changed
   * @throws SettingsChangedException when the replica keeps something else by now
   */
  public Replica publish(Publication publication) {
    return publish(publication, HIGHER_POSITION);
  }

  /**
   * Publishes other metadata of the version that the replica shows already: it has lost snapshots
   * that its destination keeps no longer.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing has changed
   * @throws SettingsChangedException when the replica keeps something else by now
   */
  public Replica republish(Publication publication) {
    return publish(publication, "position = :position");
  }

  /**
   * Takes over a later generation that the bucket shows and an older database does not know. The
   * ledger's rows and condemned files of the replica are as old as the database: they go.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing has changed
   */
  public Replica adopt(
      Replica before,
      Lease lease,
      long generation,
      long position,
      String metadataLocation,
      RefSelection refs) {
    Replica adopted =
        jdbi.inTransaction(
            handle -> {
              Leases.fence(handle, lease);
              int moved =
                  handle.execute(
                      """
                  update replica
                  set generation = ?, pointer_generation = ?, position = ?, metadata_location = ?, shown_refs = ?,
                      receipt_id = null, applied_micros = null,
                      attempts = 0, error_code = null, error_message = null, error_file = null, failed_since = null,
                      vain_attempts = 0, given_up_head = null
                  where id = ? and generation < ?
                  """,
                      generation,
                      generation,
                      position,
                      metadataLocation,
                      RefSelectionColumn.of(refs),
                      before.id(),
                      generation);
              if (moved == 1) {
                AuditLog.append(
                    handle,
                    clock.instant(),
                    VersionEvents.adopted(handle, before, generation, position, metadataLocation));
              }
              handle.execute("delete from ledger where replica_id = ?", before.id());
              handle.execute("delete from condemned_file where replica_id = ?", before.id());
              return Replicas.find(handle, before.id()).orElseThrow();
            });
    listener.published(adopted);
    return adopted;
  }

  private Replica publish(Publication publication, String positionHolds) {
    Replica published =
        jdbi.inTransaction(
            handle -> {
              Leases.fence(handle, publication.lease());
              return move(handle, publication, positionHolds);
            });
    listener.published(published);
    return published;
  }

  /** Publishes in a transaction of the caller, who has checked the lease in it. */
  Replica move(Handle handle, Publication publication) {
    return move(handle, publication, HIGHER_POSITION);
  }

  private Replica move(Handle handle, Publication publication, String positionHolds) {
    movePointer(handle, publication, positionHolds);
    nameReceipt(handle, publication, insertReceipt(handle, publication));
    Ledger.write(
        handle,
        publication.replica().id(),
        publication.lease(),
        publication.entries(),
        LedgerState.LIVE);
    CondemnedFiles.revive(handle, publication.replica().id(), publication.revived());
    AuditLog.append(handle, clock.instant(), VersionEvents.published(handle, publication));
    return Replicas.find(handle, publication.replica().id()).orElseThrow();
  }

  private long insertReceipt(Handle handle, Publication publication) {
    Instant now = clock.instant();
    Update insert =
        handle
            .createUpdate(
                """
                insert into receipt (replica_id, generation, position, token, source_metadata_location,
                    metadata_location, snapshot_id, files, bytes, committed_at, started_at, published_at)
                values (:replica, :generation, :position, :token, :source, :target, :snapshot, :files, :bytes,
                    :committed, :started, :now)
                """)
            .bind("replica", publication.replica().id())
            .bind("generation", publication.replica().generation() + 1)
            .bind("position", publication.version().position())
            .bind("token", publication.lease().token())
            .bind("source", publication.version().metadataLocation())
            .bind("target", publication.metadataLocation())
            .bind("files", publication.files())
            .bind("bytes", publication.bytes())
            .bind("committed", publication.version().lastUpdatedAt())
            .bind("started", publication.startedAt())
            .bind("now", now);
    if (publication.version().snapshotId().isPresent()) {
      insert.bind("snapshot", publication.version().snapshotId().getAsLong());
    } else {
      insert.bind("snapshot", (Long) null);
    }
    return insert.executeAndReturnGeneratedKeys("id").mapTo(Long.class).one();
  }

  /**
   * Comes first, so that a second attempt meets the moved pointer and not the first one's receipt.
   * A version that the log has let go of while this replica followed nothing is not published.
   */
  private void movePointer(Handle handle, Publication publication, String positionHolds) {
    Replica before = publication.replica();
    int moved =
        ReplicaAsRead.bind(
                handle.createUpdate(
                    """
                update replica
                set position = :position, generation = generation + 1, metadata_location = :location,
                    history_through = :history, shown_refs = :shownRefs, attempts = 0, next_attempt_at = :now, error_code = null,
                    error_message = null, error_file = null, failed_since = null, needs_person = false, vain_attempts = 0,
                    given_up_head = null
                where id = :id
                  and exists (select 1 from table_version v where v.source = replica.source and v.position = :position)
                  and
                """
                        + positionHolds
                        + " and "
                        + ReplicaAsRead.STILL),
                before)
            .bind("position", publication.version().position())
            .bind("location", publication.metadataLocation())
            .bind("history", history(publication))
            .bind("shownRefs", RefSelectionColumn.of(publication.refs()))
            .bind("now", clock.instant())
            .bind("id", before.id())
            .execute();
    if (moved != 1) {
      throw ReplicaAsRead.refusal(handle, publication);
    }
  }

  private static @Nullable Long history(Publication publication) {
    OptionalLong through = publication.historyThrough();
    return through.isPresent() ? (Long) through.getAsLong() : null;
  }

  private static void nameReceipt(Handle handle, Publication publication, long receiptId) {
    handle.execute(
        """
        update replica
        set receipt_id = ?,
            applied_micros =
              (select cast(extract(epoch from published_at) * 1000000 as bigint) from receipt where id = ?)
        where id = ?
        """,
        receiptId,
        receiptId,
        publication.replica().id());
  }
}
