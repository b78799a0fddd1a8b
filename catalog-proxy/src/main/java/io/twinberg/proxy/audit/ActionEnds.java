package io.twinberg.proxy.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.BegunActions;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How management actions ended. What the database does not take waits in memory until it does;
 * should this process end before, or too many wait, the audit says that such an action had begun.
 */
public final class ActionEnds {
  private static final Logger LOG = LoggerFactory.getLogger(ActionEnds.class);
  private static final int MOST = 1000;

  private final BegunActions begun;
  private final Counter unrecorded;
  private final BlockingQueue<End> waiting = new ArrayBlockingQueue<>(MOST);

  private record End(long id, AuditEvent event, Set<String> destinations) {}

  /** Of the actions that began there. */
  public ActionEnds(BegunActions begun, MeterRegistry registry) {
    this.begun = begun;
    this.unrecorded = registry.counter("audit.outcomes.unrecorded");
  }

  /**
   * Records an end; never fails, for what was done stays done.
   *
   * @param destinations that it concerned, where they are several and the event's scope names none
   */
  public void record(long id, AuditEvent event, Set<String> destinations) {
    try {
      begun.end(id, event, destinations);
    } catch (RuntimeException e) {
      unrecorded.increment();
      boolean kept = waiting.offer(new End(id, event, destinations));
      LOG.error(
          "the audit does not know how an action ended actor={} action={} subject={} outcome={} tried-again={}",
          event.actor().orElse(""),
          event.action(),
          event.subject(),
          event.outcome().word(),
          kept,
          e);
    }
  }

  /** Records those that wait, oldest first, until the database fails again. */
  public void retry() {
    End end = waiting.peek();
    while (end != null) {
      begun.endLate(end.id(), end.event(), end.destinations());
      waiting.remove(end);
      end = waiting.peek();
    }
  }
}
