package io.twinberg.replica;

import io.twinberg.database.Database;
import io.twinberg.database.PathHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Files of replicas that nothing names any more, on their way to being deleted. A row changes only
 * under the lease of its replica, so that whoever works on a replica is the only one who condemns,
 * revives or deletes its files.
 */
public final class CondemnedFiles {
  private static final String COLUMNS =
      "select path, condemned_at, deleting_since from condemned_file where replica_id = :replica";

  private final Jdbi jdbi;
  private final Clock clock;

  /** The condemned files of one database. */
  public CondemnedFiles(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /**
   * Condemns files from now on; those that are condemned already stay so since then.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing has changed
   */
  public void condemn(String replicaId, Lease lease, Collection<String> paths) {
    Instant now = clock.instant();
    jdbi.useTransaction(
        handle -> {
          Leases.fence(handle, lease);
          PreparedBatch insert =
              handle.prepareBatch(
                  """
                  insert into condemned_file (replica_id, path_hash, path, state, condemned_at)
                  values (:replica, :hash, :path, 'CONDEMNED', :now) on conflict do nothing
                  """);
          for (String path : paths) {
            insert.bind("path", path).bind("now", now);
            keyed(insert, replicaId, path);
          }
          insert.execute();
        });
  }

  /** All of a replica. */
  public List<CondemnedFile> of(String replicaId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(COLUMNS)
                .bind("replica", replicaId)
                .map((row, context) -> file(row))
                .list());
  }

  /** The earliest of those of a replica that were condemned up to a moment, and no more since. */
  public List<CondemnedFile> condemnedUntil(String replicaId, Instant moment, int limit) {
    return earliest(replicaId, FileState.CONDEMNED, "condemned_at", moment, limit);
  }

  /** The earliest of those of a replica whose deletion was begun up to a moment. */
  public List<CondemnedFile> deletingUntil(String replicaId, Instant moment, int limit) {
    return earliest(replicaId, FileState.DELETING, "deleting_since", moment, limit);
  }

  private List<CondemnedFile> earliest(
      String replicaId, FileState state, String time, Instant moment, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    COLUMNS
                        + " and state = :state and <time> <= :moment order by <time> limit :limit")
                .define("time", time)
                .bind("replica", replicaId)
                .bind("state", state)
                .bind("moment", moment)
                .bind("limit", limit)
                .map((row, context) -> file(row))
                .list());
  }

  private static CondemnedFile file(ResultSet row) throws SQLException {
    return new CondemnedFile(
        row.getString("path"),
        row.getTimestamp("condemned_at").toInstant(),
        Optional.ofNullable(row.getTimestamp("deleting_since")).map(java.sql.Timestamp::toInstant));
  }

  /**
   * Records that calls which delete files may be on their way from now on.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing has changed
   */
  public void deleting(String replicaId, Lease lease, Collection<String> paths) {
    Instant now = clock.instant();
    change(
        replicaId,
        lease,
        paths,
        FileState.DELETING,
        "update condemned_file set state = 'DELETING', deleting_since = :now",
        now);
  }

  /**
   * Lets go of files that have been deleted, and for which no such call can be on its way.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing has changed
   */
  public void gone(String replicaId, Lease lease, Collection<String> paths) {
    change(replicaId, lease, paths, FileState.GONE, "delete from condemned_file", null);
  }

  private void change(
      String replicaId,
      Lease lease,
      Collection<String> paths,
      FileState target,
      String statement,
      @Nullable Instant now) {
    jdbi.useTransaction(
        handle -> {
          Leases.fence(handle, lease);
          PreparedBatch change = handle.prepareBatch(statement + from(target));
          for (String path : paths) {
            if (now != null) {
              change.bind("now", now);
            }
            keyed(change, replicaId, path);
          }
          change.execute();
        });
  }

  /**
   * Lets files live on that a version needs again, in the transaction that publishes it. The caller
   * has checked the lease in it.
   */
  static void revive(Handle handle, String replicaId, Collection<String> paths) {
    if (paths.isEmpty()) {
      return;
    }
    PreparedBatch delete = handle.prepareBatch("delete from condemned_file" + from(FileState.LIVE));
    paths.forEach(path -> keyed(delete, replicaId, path));
    for (int revived : delete.execute()) {
      if (revived != 1) {
        throw new IllegalStateException(
            "a file of " + replicaId + " is revived while it is deleted");
      }
    }
  }

  /** The rows of the table of transitions: a file in any other state is left as it is. */
  private static String from(FileState target) {
    return " where replica_id = :replica and path_hash = :hash and state in ('"
        + String.join("', '", target.before().stream().map(Enum::name).sorted().toList())
        + "')";
  }

  private static void keyed(PreparedBatch batch, String replicaId, String path) {
    batch.bind("replica", replicaId).bind("hash", PathHash.of(path)).add();
  }
}
