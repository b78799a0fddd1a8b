package io.twinberg.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BegunActionsTest extends DatabaseContract {
  private static final Duration LONG = Duration.ofMinutes(11);

  private BegunActions begun;
  private AuditLog log;

  @BeforeEach
  void open() {
    begun = new BegunActions(database, clock);
    log = new AuditLog(database, clock);
  }

  private List<AuditEvent> entries() {
    return log.oldest(AuditFilter.ALL, Optional.empty(), 100).stream()
        .map(AuditEntry::event)
        .toList();
  }

  /** A subject here is the name of its source. */
  private void giveUp() {
    begun.giveUp(
        (action, subject) ->
            AuditScope.of(Optional.of(subject), Optional.empty(), Optional.empty()));
  }

  @Test
  void action_thatEnds_isOneEntry() {
    long id = begun.begin("ops", "PUT rule", "rule prod");
    assertThat(entries()).as("under way").isEmpty();
    AuditEvent event = Events.subject("rule prod");
    begun.end(id, event);

    clock.step(LONG);
    giveUp();

    assertThat(entries()).containsExactly(event);
    assertThat(rows("audit_begun")).isZero();
  }

  @Test
  void action_ofAProcessThatDied_isAnEntryWithAnUnknownOutcome() {
    begun.begin("ops", "PUT rule", "rule prod");
    clock.step(Duration.ofMinutes(9));
    giveUp();
    assertThat(entries()).as("it may still end").isEmpty();

    clock.step(Duration.ofMinutes(2));
    giveUp();

    AuditEvent event = entries().get(0);
    assertThat(entries()).hasSize(1);
    assertThat(event.outcome()).isEqualTo(AuditOutcome.UNKNOWN);
    assertThat(event.kind()).isEqualTo(AuditKind.MANAGEMENT);
    assertThat(event.actor()).contains("ops");
    assertThat(event.action()).isEqualTo("PUT rule");
    assertThat(event.subject()).isEqualTo("rule prod");
    assertThat(event.scope().source()).contains("rule prod");
    assertThat(event.details()).hasToString("{\"begunAt\":\"2026-03-04T05:06:07Z\"}");
  }

  @Test
  void giveUp_byManyAtOnce_recordsEachOnce() throws Exception {
    for (int i = 0; i < 40; i++) {
      begun.begin("ops", "PUT rule", "rule " + i);
    }
    clock.step(LONG);
    Callable<Boolean> giveUp =
        () -> {
          giveUp();
          return true;
        };
    ExecutorService threads = Executors.newFixedThreadPool(4);
    for (var done : threads.invokeAll(List.of(giveUp, giveUp, giveUp, giveUp))) {
      assertThat(done.get()).isTrue();
    }
    threads.shutdown();

    assertThat(entries()).extracting(AuditEvent::subject).hasSize(40).doesNotHaveDuplicates();
  }

  /** It took longer than anybody waits for: both are true, and both are said. */
  @Test
  void action_thatEndsAfterItWasGivenUp_isRecordedAllTheSame() {
    long id = begun.begin("ops", "PUT rule", "rule prod");
    clock.step(LONG);
    giveUp();

    begun.end(id, Events.subject("rule prod"));

    assertThat(entries())
        .extracting(AuditEvent::outcome)
        .containsExactly(AuditOutcome.UNKNOWN, AuditOutcome.DONE);
  }

  @Test
  void actionThatEndsLate_isRecordedOnceAndNotBesideItsGivingUp() {
    long late = begun.begin("ops", "PUT rule", "late");
    long givenUp = begun.begin("ops", "PUT rule", "given up");
    begun.endLate(late, Events.subject("late"), Set.of());
    begun.endLate(late, Events.subject("late"), Set.of());
    clock.step(LONG);
    giveUp();
    begun.endLate(givenUp, Events.subject("given up"), Set.of());

    assertThat(entries())
        .extracting(AuditEvent::subject, AuditEvent::outcome)
        .containsExactly(tuple("late", AuditOutcome.DONE), tuple("given up", AuditOutcome.UNKNOWN));
  }
}
