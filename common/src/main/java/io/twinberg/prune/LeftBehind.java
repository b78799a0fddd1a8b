package io.twinberg.prune;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/**
 * Says which replicas can no longer go through versions that are removed: those that no rule
 * covered for longer than the log keeps anything. They stay as they are, and should they go on one
 * day, the gap tells what they miss.
 */
final class LeftBehind {
  private static final String REASON =
      "the replica did not follow its table for longer than log-retention";

  /** One gap for each replica that stands still; it grows with what is removed. */
  private static final String NEW =
      """
      insert into gap (table_id, after_position, before_position, reason, recorded_at)
      select distinct r.table_id, r.position, r.position + 1, :reason, cast(:now as timestamp with time zone)
      from table_version v join replica r on r.table_id = v.table_id
      where v.source = :source and v.position = :number
        and r.position > 0 and r.position < v.position and r.lifecycle in ('UNMATCHED', 'ARCHIVED')
        and not exists (select 1 from gap g where g.table_id = r.table_id and g.after_position = r.position
                          and g.reason = :reason)
      """;

  private static final String LONGER =
      """
      update gap set before_position = :number + 1
      where reason = :reason and before_position <= :number and after_position < :number
        and table_id = (select v.table_id from table_version v where v.source = :source and v.position = :number)
        and after_position in (select r.position from replica r
                               where r.table_id = gap.table_id and r.lifecycle in ('UNMATCHED', 'ARCHIVED'))
      """;

  private final String source;

  LeftBehind(String source) {
    this.source = source;
  }

  /** Records it in the transaction that removes the versions at these positions. */
  void record(Handle handle, List<Long> positions, Instant now) {
    for (long position : waitedFor(handle, positions)) {
      bind(handle.createUpdate(NEW), position).bind("now", now).execute();
      bind(handle.createUpdate(LONGER), position).execute();
    }
  }

  /** Next to always none. */
  private List<Long> waitedFor(Handle handle, List<Long> positions) {
    return handle
        .createQuery(
            """
            select v.position from table_version v
            where v.source = :source and v.position in (<positions>)
              and exists (select 1 from replica r where r.table_id = v.table_id and r.position < v.position
                            and r.position > 0 and r.lifecycle in ('UNMATCHED', 'ARCHIVED'))
            order by v.position
            """)
        .bind("source", source)
        .bindList("positions", positions)
        .mapTo(Long.class)
        .list();
  }

  private Update bind(Update update, long position) {
    return update.bind("source", source).bind("number", position).bind("reason", REASON);
  }
}
