package io.twinberg.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * The table expression that all status queries share: every replica with the state that is derived
 * from its own row, its table's row and its lease.
 */
final class StatedReplicas {
  // Leases are asked for only where versions wait: of ten thousand idle replicas none needs it.
  private static final String SELECT =
      """
      select r.*, t.namespace as table_namespace, t.name as table_name, t.checked_at,
             case when r.lifecycle in ('ACTIVE', 'SOURCE_DROPPED') then t.head_position else r.position end
               as head_position,
             case
               when r.error_code is not null then 'FAILED'
               when r.lifecycle in ('UNMATCHED', 'ARCHIVED') then 'COMPLETED'
               when (r.metadata_location is null or t.head_position > r.position or r.history_through is not null)
                    and exists (select 1 from lease l where l.resource = 'replica/' || r.id
                                and l.owner is not null and l.expires_at > current_timestamp) then 'COPYING'
               when r.metadata_location is null or t.head_position > r.position or r.history_through is not null
                 then 'PENDING'
               when r.lifecycle = 'ACTIVE' and (t.checked_at is null or t.checked_at < %s) then 'UNKNOWN'
               else 'COMPLETED'
             end as state
      from replica r
      join source_table t on t.id = r.table_id
      """;

  /** How many versions of its table a stated replica {@code s} has not applied. */
  static final String VERSIONS =
      """
      case when s.head_position > s.position
           then (select count(*) from table_version v where v.table_id = s.table_id and v.position > s.position)
           else 0 end
      """;

  /** When the source committed the oldest of them. */
  static final String OLDEST =
      """
      case when s.head_position > s.position
           then (select v.last_updated_at from table_version v
                 where v.table_id = s.table_id and v.position > s.position order by v.position limit 1)
           end
      """;

  private final List<Duration> steps;
  private final String sql;

  StatedReplicas(CheckIntervals intervals) {
    this.steps = intervals.steps();
    this.sql = SELECT.formatted(oldestFreshCheck(steps.size()));
  }

  /** The expression in parentheses, to stand in a from clause; {@code where} chooses its rows. */
  String sql(String where) {
    return "(" + sql + where + ")";
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
