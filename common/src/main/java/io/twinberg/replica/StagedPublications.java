package io.twinberg.replica;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The rows of what waits for a group, one at most for each replica. All of it happens in
 * transactions of {@link GroupPublisher}, but that a replica which is settled anew waits no longer.
 */
final class StagedPublications {
  /**
   * Whether something of a replica {@code r} waits and still holds: nobody has published or claimed
   * the replica since. What has been claimed is taken over by the claimant.
   */
  static final String WAITS =
      """
      exists (select 1 from staged_publication s where s.replica_id = r.id and s.generation = r.generation %s
              and exists (select 1 from lease l where l.resource = 'replica/' || r.id and l.token = s.token))
      """;

  private StagedPublications() {}

  static void put(Handle handle, GroupAtDestination group, Publication publication, Instant now) {
    remove(handle, publication.replica().id());
    handle
        .createUpdate(
            """
            insert into staged_publication (replica_id, group_id, destination, generation, token, source, position,
                metadata_location, entries, files, bytes, shown_refs, started_at, staged_at)
            values (:replica, :group, :destination, :generation, :token, :source, :position,
                :location, :entries, :files, :bytes, :refs, :started, :now)
            """)
        .bind("replica", publication.replica().id())
        .bind("group", group.groupId())
        .bind("destination", group.destination())
        .bind("generation", publication.replica().generation())
        .bind("token", publication.lease().token())
        .bind("source", publication.version().source())
        .bind("position", publication.version().position())
        .bind("location", publication.metadataLocation())
        .bind("entries", LedgerEntriesColumn.of(publication.entries()))
        .bind("files", publication.files())
        .bind("bytes", publication.bytes())
        .bind("refs", RefSelectionColumn.of(publication.refs()))
        .bind("started", publication.startedAt())
        .bind("now", now)
        .execute();
  }

  static Optional<StagedPublication> of(Handle handle, String replicaId) {
    return handle
        .createQuery("select * from staged_publication where replica_id = :replica")
        .bind("replica", replicaId)
        .map((row, context) -> staged(row))
        .findOne();
  }

  /** Those of a group, in the order in which everybody locks them. */
  static List<StagedPublication> of(Handle handle, GroupAtDestination group) {
    return handle
        .createQuery(
            """
            select * from staged_publication where group_id = :group and destination = :destination
            order by replica_id
            """)
        .bind("group", group.groupId())
        .bind("destination", group.destination())
        .map((row, context) -> staged(row))
        .list();
  }

  /** The replicas of which something waits in a group. */
  static Set<String> replicaIds(Handle handle, GroupAtDestination group) {
    return handle
        .createQuery(
            "select replica_id from staged_publication where group_id = :group and destination = :destination")
        .bind("group", group.groupId())
        .bind("destination", group.destination())
        .mapTo(String.class)
        .set();
  }

  static void takeOver(Handle handle, String replicaId, Lease lease) {
    handle.execute(
        "update staged_publication set token = ? where replica_id = ?", lease.token(), replicaId);
  }

  static void remove(Handle handle, String replicaId) {
    handle.execute("delete from staged_publication where replica_id = ?", replicaId);
  }

  private static StagedPublication staged(ResultSet row) throws SQLException {
    return new StagedPublication(
        row.getString("replica_id"),
        new GroupAtDestination(row.getLong("group_id"), row.getString("destination")),
        row.getLong("generation"),
        row.getLong("token"),
        row.getString("source"),
        row.getLong("position"),
        row.getString("metadata_location"),
        LedgerEntriesColumn.parse(row.getString("entries")),
        row.getLong("files"),
        row.getLong("bytes"),
        RefSelectionColumn.parse(row.getString("shown_refs")),
        row.getTimestamp("started_at").toInstant());
  }
}
