package io.twinberg.prune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.twinberg.audit.AuditEntry;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditFilter;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditLog;
import io.twinberg.audit.AuditOutcome;
import io.twinberg.audit.AuditScope;
import io.twinberg.audit.BegunActions;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditPrunerTest extends DatabaseContract {
  private static final Duration RETENTION = Duration.ofDays(400);

  private AuditLog log;
  private AuditPruner pruner;

  @BeforeEach
  void open() {
    log = new AuditLog(database, clock);
    pruner = new AuditPruner(database, clock, RETENTION);
  }

  private void append(String subject, int times) {
    AuditEvent event =
        new AuditEvent(
            AuditKind.ACCESS,
            "refused",
            Optional.of("10.0.0.1"),
            AuditScope.ANY,
            subject,
            AuditOutcome.REFUSED,
            JsonNodeFactory.instance.objectNode());
    log.append(Collections.nCopies(times, event));
  }

  private List<AuditEvent> entries() {
    return log.oldest(AuditFilter.ALL, Optional.empty(), 1000).stream()
        .map(AuditEntry::event)
        .toList();
  }

  private static void prune(AuditPruner pruner) {
    while (pruner.step()) {
      // batch after batch
    }
  }

  @Test
  void oldEntryOfSeveralDestinations_leavesNothing() {
    BegunActions begun = new BegunActions(database, clock);
    AuditEvent put =
        new AuditEvent(
            AuditKind.MANAGEMENT,
            "PUT",
            Optional.of("ops"),
            AuditScope.ANY,
            "rule",
            AuditOutcome.DONE,
            JsonNodeFactory.instance.objectNode());
    begun.end(begun.begin("ops", "PUT", "rule"), put, Set.of("eu", "us"));
    assertThat(rows("audit_destination")).isEqualTo(2);

    clock.step(RETENTION.plusSeconds(1));
    prune(pruner);

    assertThat(rows("audit_destination")).isZero();
  }

  @Test
  void oldEntries_areRemovedInBatchesThatSaySo() {
    append("old", AuditPruner.BATCH + 3);
    clock.step(Duration.ofDays(399));
    append("young", 2);
    clock.step(Duration.ofDays(1).plusSeconds(1));

    assertThat(pruner.step()).as("there may be more").isTrue();
    assertThat(rows("audit_entry")).isEqualTo(3 + 2 + 1);
    assertThat(pruner.step()).isFalse();

    assertThat(entries())
        .extracting(AuditEvent::subject)
        .containsExactly("young", "young", AuditPruner.BATCH + " entries", "3 entries");
    AuditEvent removed = entries().get(3);
    assertThat(removed.kind()).isEqualTo(AuditKind.RETENTION);
    assertThat(removed.actor()).isEmpty();
    assertThat(removed.details())
        .hasToString("{\"entries\":3,\"recordedBefore\":\"2026-03-04T05:06:08Z\"}");
  }

  @Test
  void nothingOld_removesAndSaysNothing() {
    append("young", 2);
    clock.step(RETENTION);

    prune(pruner);

    assertThat(entries()).extracting(AuditEvent::subject).containsExactly("young", "young");
  }

  @Test
  void nextRound_comesADayLater() {
    append("old", 1);
    prune(pruner);
    clock.step(RETENTION.plusSeconds(1));
    prune(pruner);
    append("young", 1);
    assertThat(entries()).extracting(AuditEvent::subject).containsExactly("1 entry", "young");

    clock.step(Duration.ofHours(23));
    assertThat(pruner.step()).isFalse();
    clock.step(RETENTION);
    prune(pruner);

    assertThat(entries()).extracting(AuditEvent::subject).containsExactly("2 entries");
  }

  @Test
  void rounds_ofManyProcessesAtOnce_countEachEntryOnce() throws Exception {
    append("old", 1200);
    clock.step(RETENTION.plusSeconds(1));
    Callable<Boolean> round =
        () -> {
          prune(new AuditPruner(database, clock, RETENTION));
          return true;
        };
    ExecutorService threads = Executors.newFixedThreadPool(3);
    for (var done : threads.invokeAll(List.of(round, round, round))) {
      assertThat(done.get()).isTrue();
    }
    threads.shutdown();

    assertThat(entries()).allMatch(event -> event.kind() == AuditKind.RETENTION);
    assertThat(entries().stream().mapToInt(event -> event.details().path("entries").asInt()).sum())
        .isEqualTo(1200);
  }
}
