package io.twinberg.replica;

import io.twinberg.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The progress of replicas whose work takes long, for whoever looks at the database. A row whose
 * lease is lost is nobody's, and is not found.
 */
public final class ProgressRows {
  private static final String HELD =
      """
      select 1 from lease l where l.resource = 'replica/' || p.replica_id and l.token = p.token
        and l.owner is not null and l.expires_at > current_timestamp
      """;

  private final Jdbi jdbi;

  /** The rows of one database. */
  public ProgressRows(Database database) {
    this.jdbi = database.jdbi();
  }

  /** Says how far a replica is that is worked on under a lease. */
  public void report(String replicaId, Lease lease, ReplicaProgress reached) {
    jdbi.useTransaction(
        handle -> {
          handle.execute("delete from replica_progress where replica_id = ?", replicaId);
          insert(handle, replicaId, lease, reached);
        });
  }

  private static void insert(
      Handle handle, String replicaId, Lease lease, ReplicaProgress reached) {
    handle
        .createUpdate(
            """
            insert into replica_progress (replica_id, token, position, started_at, updated_at, snapshots_done,
                                          snapshots_total, files_done, files_total, bytes_done, bytes_total)
            select r.id, :token, :position, :started, :updated, :snapshotsDone, :snapshotsTotal, :filesDone,
                   cast(:filesTotal as bigint), :bytesDone, cast(:bytesTotal as bigint)
            from replica r where r.id = :replica
            """)
        .bind("replica", replicaId)
        .bind("token", lease.token())
        .bind("position", reached.position())
        .bind("started", reached.startedAt())
        .bind("updated", reached.updatedAt())
        .bind("snapshotsDone", reached.snapshotsDone())
        .bind("snapshotsTotal", reached.snapshotsTotal())
        .bind("filesDone", reached.filesDone())
        .bind("filesTotal", orNull(reached.filesTotal()))
        .bind("bytesDone", reached.bytesDone())
        .bind("bytesTotal", orNull(reached.bytesTotal()))
        .execute();
  }

  private static @Nullable Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  /** Forgets a replica that is no longer worked on under a lease. */
  public void end(String replicaId, Lease lease) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "delete from replica_progress where replica_id = ? and token = ?",
                replicaId,
                lease.token()));
  }

  /** Forgets what processes that are gone have left. */
  public void endAbandoned() {
    jdbi.useHandle(
        handle ->
            handle.execute("delete from replica_progress p where not exists (%s)".formatted(HELD)));
  }

  /** How far these replicas are, by their ids; those that nobody works on for long are absent. */
  public Map<String, ReplicaProgress> of(List<String> replicaIds) {
    Map<String, ReplicaProgress> found = new HashMap<>();
    if (replicaIds.isEmpty()) {
      return found;
    }
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    "select p.* from replica_progress p where p.replica_id in (<ids>) and exists (%s)"
                        .formatted(HELD))
                .bindList("ids", replicaIds)
                .map((row, context) -> Map.entry(row.getString("replica_id"), progress(row)))
                .forEach(row -> found.put(row.getKey(), row.getValue())));
    return found;
  }

  /**
   * How many bytes are left to copy of what takes long, by destination; those where nothing does
   * are absent. What nobody has counted yet is not in it.
   */
  public Map<String, Long> bytesLeft() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select r.destination, sum(greatest(p.bytes_total - p.bytes_done, 0)) as bytes
                    from replica_progress p join replica r on r.id = p.replica_id
                    where p.bytes_total is not null and exists (%s)
                    group by r.destination
                    """
                        .formatted(HELD))
                .map(
                    (row, context) -> Map.entry(row.getString("destination"), row.getLong("bytes")))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static ReplicaProgress progress(ResultSet row) throws SQLException {
    return new ReplicaProgress(
        row.getLong("position"),
        row.getTimestamp("started_at").toInstant(),
        row.getTimestamp("updated_at").toInstant(),
        row.getInt("snapshots_done"),
        row.getInt("snapshots_total"),
        row.getLong("files_done"),
        number(row, "files_total"),
        row.getLong("bytes_done"),
        number(row, "bytes_total"));
  }

  private static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
