package io.twinberg.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A page costs the same however many entries there are: no filter reads them all. {@code
 * -Dentries=} sets how many.
 */
class AuditGrowthTest extends DatabaseContract {
  private static final int HISTORY = Integer.getInteger("entries", 20_000);
  private static final int SIZE = 20;
  private static final int RUNS = 20;
  private static final int SLACK = 4;
  private static final Duration FLOOR = Duration.ofMillis(1);
  private static final TableIdentifier RARE = TableIdentifier.of("rare", "orders");

  private AuditLog log;

  @BeforeEach
  void open() {
    log = new AuditLog(database, clock);
    AuditScope scope = Events.scope("rare", RARE, "rare");
    for (int i = 0; i < SIZE; i++) {
      log.append(
          List.of(Events.event(AuditKind.OPERATION, Optional.of("rare"), scope, "rare " + i)));
    }
  }

  private static AuditFilter filter(
      String source, String destination, String actor, Optional<AuditKind> kind) {
    return new AuditFilter(
        new AuditScope(optional(source), Optional.empty(), Optional.empty(), optional(destination)),
        optional(actor),
        kind,
        Optional.empty(),
        Optional.empty());
  }

  private static Optional<String> optional(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static AuditFilter named(Optional<String> table) {
    return new AuditFilter(
        new AuditScope(
            Optional.empty(), Optional.of(Namespace.of("rare")), table, Optional.empty()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Those of which there are few, and those of which there are many. */
  private static List<AuditFilter> filters() {
    return Stream.of(
            AuditFilter.ALL,
            filter("rare", "", "", Optional.empty()),
            filter("", "rare", "", Optional.empty()),
            filter("", "", "rare", Optional.empty()),
            filter("", "", "", Optional.of(AuditKind.OPERATION)),
            filter("rare", "rare", "rare", Optional.of(AuditKind.OPERATION)),
            named(Optional.empty()),
            named(Optional.of("orders")))
        .toList();
  }

  @Test
  void page_ofAnyFilter_costsAsBefore() {
    List<Duration> before = filters().stream().map(this::fastest).toList();
    insertHistory();
    for (int i = 0; i < filters().size(); i++) {
      assertCosts(before.get(i), filters().get(i));
    }
    Duration slowest = Collections.max(before);
    for (AuditFilter common :
        List.of(
            filter("prod", "", "", Optional.empty()),
            filter("", "eu", "", Optional.empty()),
            filter("", "asia", "", Optional.empty()),
            filter("prod", "asia", "", Optional.empty()),
            filter("prod", "eu", "", Optional.of(AuditKind.VERSION)),
            filter("prod", "eu", "", Optional.of(AuditKind.ACCESS)),
            filter("", "", "", Optional.of(AuditKind.VERSION)))) {
      assertCosts(slowest, common);
    }
  }

  /** What else the machine has to do may slow down one reading: too many rows slow down all. */
  private void assertCosts(Duration before, AuditFilter filter) {
    Duration allowed = before.compareTo(FLOOR) < 0 ? FLOOR : before;
    await()
        .untilAsserted(
            () ->
                assertThat(fastest(filter))
                    .as("%s", filter)
                    .isLessThan(allowed.multipliedBy(SLACK)));
  }

  /** From before the rare ones until after them. */
  private void insertHistory() {
    String numbers =
        database.shared()
            ? "generate_series(1, %d) as numbers(n)".formatted(HISTORY)
            : "system_range(1, %d) as numbers(n)".formatted(HISTORY);
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  """
                  insert into audit_entry (recorded_at, kind, action, source, namespace, name, namespace_hash,
                      entry_hash, destination, subject, outcome, details)
                  select timestamp with time zone '2026-01-01 00:00:00+00' + n * interval '3' minute, 'VERSION', 'applied',
                      'prod', '["sales"]', concat('t', mod(n, 100)), 'sales', concat('h', mod(n, 100)), 'eu',
                      concat('replica ', n), 'DONE', '{}'
                  from %s
                  """
                      .formatted(numbers));
              handle.execute(
                  """
                  insert into audit_destination (entry_id, destination, recorded_at)
                  select id, 'asia', recorded_at from audit_entry where kind = 'VERSION'
                  """);
              if (database.shared()) {
                // PostgreSQL does so by itself after a while.
                handle.execute("analyze");
              }
            });
  }

  /** The newest, the oldest, and a page in the middle. */
  private Duration fastest(AuditFilter filter) {
    long nanos = Long.MAX_VALUE;
    Optional<AuditCursor> middle = Optional.of(new AuditCursor(clock.instant(), 10));
    for (int run = 0; run < RUNS; run++) {
      long start = System.nanoTime();
      log.newest(filter, Optional.empty(), SIZE);
      log.oldest(filter, Optional.empty(), SIZE);
      log.newest(filter, middle, SIZE);
      log.oldest(filter, middle, SIZE);
      nanos = Math.min(nanos, System.nanoTime() - start);
    }
    return Duration.ofNanos(nanos);
  }
}
