package io.twinberg.replicator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.SourceTable;
import io.twinberg.log.TableCheck;
import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Samples;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeptChecksTest extends DatabaseContract {
  private static final Duration QUARTER_HOUR = Duration.ofMinutes(15);

  private KeptChecks kept;
  private SourceTable table;

  @BeforeEach
  void discover() {
    kept = new KeptChecks(checks, clock);
    table = Samples.discover(tables, SOURCE, "orders");
  }

  private void add(SourceTable checked, Duration interval, boolean isWaitedFor) {
    kept.add(
        new TableCheck(checked.id(), checked.looksAsked(), clock.instant(), false, interval),
        isWaitedFor);
  }

  private boolean written() {
    return tables.find(table.id()).orElseThrow().checkedAt().isPresent();
  }

  @Test
  void check_thatNobodyWaitsFor_isWrittenAfterTenSeconds() {
    add(table, QUARTER_HOUR, false);
    clock.step(Duration.ofMillis(9_999));
    kept.writeIfWaitedFor();
    assertThat(written()).isFalse();
    assertThat(kept.has(table)).isTrue();

    clock.step(Duration.ofMillis(1));
    kept.writeIfDue();

    assertThat(written()).isTrue();
    assertThat(kept.size()).isZero();
  }

  @Test
  void check_thatSomebodyWaitsFor_isWrittenAtTheEndOfTheTurnOrAfterASecond() {
    add(table, QUARTER_HOUR, true);
    kept.writeIfDue();
    assertThat(written()).isFalse();
    kept.writeIfWaitedFor();
    assertThat(written()).isTrue();

    add(Samples.discover(tables, SOURCE, "other"), QUARTER_HOUR, true);
    clock.step(Duration.ofSeconds(1));
    kept.writeIfDue();
    assertThat(kept.size()).isZero();
  }

  /** Short intervals are kept to. */
  @Test
  void check_ofATableThatIsDueSoon_isWrittenBefore() {
    add(table, Duration.ofSeconds(2), false);

    clock.step(Duration.ofMillis(500));
    kept.writeIfDue();

    assertThat(written()).isTrue();
  }

  @Test
  void checks_ofManyTables_areWrittenAtOnce() {
    add(table, QUARTER_HOUR, false);
    for (int i = 1; i < 100; i++) {
      kept.writeIfDue();
      assertThat(written()).isFalse();
      add(Samples.discover(tables, SOURCE, "t" + i), QUARTER_HOUR, false);
    }

    kept.writeIfDue();

    assertThat(written()).isTrue();
  }

  @Test
  void check_afterTheClockWasSetBack_isWritten() {
    add(table, QUARTER_HOUR, false);

    clock.step(Duration.ofHours(-1));
    kept.writeIfDue();

    assertThat(written()).isTrue();
  }

  @Test
  void has_tableForWhichALookWasAskedSince_isFalse() {
    add(table, QUARTER_HOUR, false);

    checks.demand(table.id());

    assertThat(kept.has(tables.find(table.id()).orElseThrow())).isFalse();
    kept.write();
    assertThat(checks.due(SOURCE, 10)).extracting(SourceTable::id).containsExactly(table.id());
  }
}
