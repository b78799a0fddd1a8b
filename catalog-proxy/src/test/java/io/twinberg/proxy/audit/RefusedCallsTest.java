package io.twinberg.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.twinberg.audit.AuditEntry;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditFilter;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditLog;
import io.twinberg.audit.AuditOutcome;
import io.twinberg.database.Database;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However many calls are refused, few rows say so, and none of the calls is forgotten. */
class RefusedCallsTest {
  private static final int FLOOD = 10_000;

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Database database;
  private AuditLog log;
  private RefusedCalls refused;

  @BeforeEach
  void open() {
    database = Databases.h2(folder);
    log = new AuditLog(database, clock);
    refused = new RefusedCalls(log, clock, registry);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void count(String token, String address) {
    refused.count(RefusedCall.of(token, address, "catalog prod", 401), "GET", "v1/namespaces");
  }

  private List<AuditEvent> entries() {
    return log.oldest(AuditFilter.ALL, Optional.empty(), 1000).stream()
        .map(AuditEntry::event)
        .toList();
  }

  private long calls() {
    return entries().stream().mapToLong(event -> event.details().path("calls").asLong()).sum();
  }

  private void sql(String statement) {
    database.jdbi().useHandle(handle -> handle.execute(statement));
  }

  @Test
  void callsOfOneCaller_areOneRowForEachMinute() {
    count("anonymous", "10.0.0.1");
    clock.step(Duration.ofSeconds(20));
    count("anonymous", "10.0.0.1");
    count("analyst", "10.0.0.1");
    refused.write();
    refused.write();
    count("anonymous", "10.0.0.1");
    refused.write();

    assertThat(entries())
        .extracting(event -> event.actor().orElseThrow())
        .containsExactly("10.0.0.1", "analyst", "10.0.0.1");
    AuditEvent first = entries().get(0);
    assertThat(first.kind()).isEqualTo(AuditKind.ACCESS);
    assertThat(first.outcome()).isEqualTo(AuditOutcome.REFUSED);
    assertThat(first.subject()).isEqualTo("catalog prod");
    assertThat(first.details())
        .hasToString(
            """
            {"calls":2,"first":"2026-03-01T10:00:00Z","last":"2026-03-01T10:00:20Z",\
            "address":"10.0.0.1","status":401,"firstCall":"GET v1/namespaces"}\
            """);
  }

  @Test
  void flood_ofManyAddresses_isAFewRowsThatCountThemAll() {
    for (int i = 0; i < FLOOD; i++) {
      count("anonymous", "address " + i);
    }
    refused.write();
    assertThat(entries()).hasSize(RefusedCalls.AT_ONCE + 1);
    assertThat(calls()).isEqualTo(FLOOD);

    for (int i = 0; i < FLOOD; i++) {
      count("anonymous", "another address " + i);
    }
    refused.write();
    assertThat(entries()).hasSize(RefusedCalls.AT_ONCE + 1 + RefusedCalls.PER_MINUTE + 1);
    assertThat(calls()).isEqualTo(2 * FLOOD);
    assertThat(registry.counter("audit.refusals.lumped").count())
        .isEqualTo(2 * FLOOD - RefusedCalls.AT_ONCE - RefusedCalls.PER_MINUTE);
    assertThat(entries())
        .filteredOn(event -> event.actor().isEmpty())
        .extracting(AuditEvent::subject)
        .containsOnly("calls of more callers than are told apart")
        .hasSize(2);
  }

  @Test
  void longPath_isCut() {
    refused.count(RefusedCall.of("etl", "10.0.0.1", "tokens", 403), "GET", "x".repeat(60_000));
    refused.write();
    assertThat(entries().get(0).details().path("firstCall").asText()).hasSize(201).endsWith("…");
  }

  @Test
  void databaseThatIsGone_forgetsNothingAndHoldsNoMore() {
    sql("alter table audit_entry rename to gone");
    for (int minute = 0; minute < 50; minute++) {
      for (int i = 0; i < 300; i++) {
        count("anonymous", "address " + minute + "." + i);
      }
      refused.write();
    }
    assertThat(registry.counter("audit.refusals.write.failures").count()).isEqualTo(50);
    sql("alter table gone rename to audit_entry");
    refused.write();

    assertThat(entries()).hasSize(RefusedCalls.AT_ONCE + 1);
    assertThat(calls()).isEqualTo(50 * 300);
  }
}
