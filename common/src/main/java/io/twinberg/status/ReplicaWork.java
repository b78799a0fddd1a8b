package io.twinberg.status;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;

/**
 * What is left to do for a replica, and whether somebody is at it.
 *
 * @param held whether somebody holds its lease
 * @param versions how many versions of its table come behind its position
 * @param since when the source committed the oldest of them; empty without any
 */
record ReplicaWork(boolean held, long versions, Optional<Instant> since) {
  /** Columns for a replica {@code r} whose table has this {@code head_position}. */
  static final String COLUMNS =
      """
      exists (select 1 from lease l where l.resource = 'replica/' || r.id
              and l.owner is not null and l.expires_at > current_timestamp) as held,
      case when head_position > r.position then (select count(*) $later) else 0 end as lag_versions,
      case when head_position > r.position
           then (select v.last_updated_at $later order by v.position limit 1) end as lag_since
      """
          .replace(
              "$later",
              "from table_version v where v.table_id = r.table_id and v.position > r.position");

  /** What of it is left for a replica that may go on no more. */
  ReplicaWork of(ReplicaStanding replica) {
    return replica.behind() ? this : new ReplicaWork(held, 0, Optional.empty());
  }

  static ReplicaWork of(ResultSet row) throws SQLException {
    return new ReplicaWork(
        row.getBoolean("held"),
        row.getLong("lag_versions"),
        Optional.ofNullable(row.getTimestamp("lag_since")).map(Timestamp::toInstant));
  }
}
