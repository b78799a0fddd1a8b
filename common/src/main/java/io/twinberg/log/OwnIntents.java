package io.twinberg.log;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The intents that one process has opened, as the database has them. That may be more than the
 * process knows of: a transaction whose end is not answered may be durable.
 */
public final class OwnIntents {
  private final Jdbi jdbi;
  private final Clock clock;
  private final String processId;

  OwnIntents(Jdbi jdbi, Clock clock, String processId) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.processId = processId;
  }

  /** Those of a source that are not settled. */
  public List<Long> pending(String source) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select id from intent
                    where source = :source and state = 'PENDING' and process_id = :self
                    """)
                .bind("source", source)
                .bind("self", processId)
                .mapTo(Long.class)
                .list());
  }

  /**
   * Turns those that are still pending into unknown ones, since nobody will report their outcome.
   */
  public void disown(Collection<Long> ids) {
    jdbi.useTransaction(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  update intent set state = 'UNKNOWN', reason = 'its process lost track of it',
                                    settled_at = :now, next_check_at = :now
                  where id = :id and state = 'PENDING' and process_id = :self
                  """);
          for (long id : ids) {
            batch.bind("id", id).bind("now", clock.instant()).bind("self", processId).add();
          }
          batch.execute();
        });
  }
}
