package io.twinberg.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * What all status queries share: the state, the lag and the source's facts of a replica {@code r},
 * derived from its own row, that of its table {@code t} and its lease.
 */
final class StatedReplicas {
  /** Replicas with their tables. */
  static final String FROM = "replica r join source_table t on t.id = r.table_id";

  private static final String GOES_ON = "r.lifecycle in ('ACTIVE', 'SOURCE_DROPPED')";
  private static final String LATER =
      "from table_version v where v.table_id = r.table_id and v.position > r.position";
  private static final String WAITS =
      "(r.metadata_location is null or t.head_position > r.position or r.history_through is not null)";

  // Leases and versions are asked for only where versions wait: of ten thousand idle replicas none
  // needs it. No derived table: H2 would write one down whole before it reads it.
  private static final String COLUMNS =
      """
      t.namespace as table_namespace, t.name as table_name, t.checked_at,
      case when $goesOn then t.head_position else r.position end as head_position,
      case when $goesOn and t.head_position > r.position then (select count(*) $later) else 0 end as lag_versions,
      case when $goesOn and t.head_position > r.position
           then (select v.last_updated_at $later order by v.position limit 1) end as lag_since,
      case
        when r.error_code is not null then 'FAILED'
        when r.lifecycle in ('UNMATCHED', 'ARCHIVED') then 'COMPLETED'
        when $waits and exists (select 1 from lease l where l.resource = 'replica/' || r.id
                                and l.owner is not null and l.expires_at > current_timestamp) then 'COPYING'
        when $waits then 'PENDING'
        when r.lifecycle = 'ACTIVE' and (t.checked_at is null or t.checked_at < $fresh) then 'UNKNOWN'
        else 'COMPLETED'
      end as state
      """;

  private final List<Duration> steps;
  private final String columns;

  StatedReplicas(CheckIntervals intervals) {
    this.steps = intervals.steps();
    this.columns =
        COLUMNS
            .replace("$goesOn", GOES_ON)
            .replace("$later", LATER)
            .replace("$waits", WAITS)
            .replace("$fresh", oldestFreshCheck(steps.size()));
  }

  /** What stands between {@code select} and {@code from}. */
  String columns() {
    return columns;
  }

  // Interval arithmetic differs between the databases: the limits are computed here, one a step.
  private static String oldestFreshCheck(int steps) {
    StringBuilder choice = new StringBuilder("case t.unchanged_checks");
    for (int i = 0; i < steps - 1; i++) {
      choice.append(" when ").append(i).append(" then ").append(parameter(i));
    }
    return steps == 1 ? parameter(0) : choice + " else " + parameter(steps - 1) + " end";
  }

  private static String parameter(int step) {
    return "cast(:fresh" + step + " as timestamp with time zone)";
  }

  <S extends SqlStatement<S>> S bind(S statement, Instant now) {
    for (int i = 0; i < steps.size(); i++) {
      statement.bind("fresh" + i, now.minus(steps.get(i).multipliedBy(2)));
    }
    return statement;
  }
}
