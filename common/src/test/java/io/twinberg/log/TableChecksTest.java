package io.twinberg.log;

import static io.twinberg.testing.Samples.discover;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TableChecksTest extends DatabaseContract {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private SourceTable read(SourceTable table) {
    return tables.find(table.id()).orElseThrow();
  }

  private List<Long> due() {
    return checks.due(SOURCE, 10).stream().map(SourceTable::id).toList();
  }

  private TableCheck check(SourceTable table, boolean changed, Duration wait) {
    return new TableCheck(table.id(), table.looksAsked(), clock.instant(), changed, wait);
  }

  private void checked(SourceTable table, boolean changed) {
    checks.checked(List.of(check(table, changed, MINUTE)));
  }

  @Test
  void checked_unchangedThenChanged_countsUnchangedChecksInARow() {
    SourceTable table = discover(tables, SOURCE, "orders");

    checked(table, false);
    checked(table, false);

    assertThat(read(table).unchangedChecks()).isEqualTo(2);
    assertThat(read(table).checkedAt()).contains(clock.instant());
    checked(table, true);
    assertThat(read(table).unchangedChecks()).isZero();
  }

  @Test
  void due_checkedTable_isDueAgainAfterTheWait() {
    SourceTable table = discover(tables, SOURCE, "orders");
    checked(table, false);

    clock.step(Duration.ofSeconds(59));
    assertThat(due()).isEmpty();
    clock.step(Duration.ofSeconds(1));
    assertThat(due()).containsExactly(table.id());
  }

  @Test
  void checked_severalTogether_areAllWritten() {
    SourceTable first = discover(tables, SOURCE, "first");
    SourceTable second = discover(tables, SOURCE, "second");

    checks.checked(List.of(check(second, false, MINUTE), check(first, true, MINUTE)));

    assertThat(due()).isEmpty();
    assertThat(read(first).unchangedChecks()).isZero();
    assertThat(read(second).unchangedChecks()).isEqualTo(1);
  }

  @Test
  void checked_lookAskedForMeanwhile_staysDue() {
    SourceTable table = discover(tables, SOURCE, "orders");
    checks.demand(table.id());

    checked(table, false);

    assertThat(due()).containsExactly(table.id());
    assertThat(read(table).owesALook()).isTrue();
    checked(read(table), false);
    assertThat(due()).isEmpty();
    assertThat(read(table).owesALook()).isFalse();
  }

  @Test
  void demand_tableThatWaits_isDueNow() {
    SourceTable table = discover(tables, SOURCE, "orders");
    checked(table, false);

    checks.demand(table.id());

    assertThat(due()).containsExactly(table.id());
  }

  @Test
  void demandUnseen_whatWasCheckedSince_isLeftAlone() {
    ReplicaWorld world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    SourceTable seen = world.table(SOURCE, Samples.name("seen"));
    SourceTable other = world.table(SOURCE, Samples.name("other"));
    SourceTable unfollowed = world.table(SOURCE, Samples.name("unfollowed"));
    List.of(seen, other).forEach(table -> world.replica(table, "eu"));
    List.of(other, unfollowed).forEach(table -> checked(table, false));
    clock.step(Duration.ofSeconds(1));
    Instant since = clock.instant();
    checked(seen, false);

    assertThat(checks.unseen(SOURCE, Optional.empty(), since)).isOne();
    checks.demandUnseen(SOURCE, Optional.empty(), since);
    assertThat(due()).containsExactly(other.id());
  }

  /** Neither waits for the other, which is what a deadlock needs. */
  @Test
  void checked_rowThatSomebodyElseWrites_isLeftDueAndTheOthersAreWritten() throws Exception {
    SourceTable held = discover(tables, SOURCE, "held");
    SourceTable free = discover(tables, SOURCE, "free");
    CountDownLatch writes = new CountDownLatch(1);
    CountDownLatch written = new CountDownLatch(1);
    Thread other = new Thread(() -> holdRow(held, writes, written));
    other.start();
    writes.await();

    checks.checked(List.of(check(held, false, MINUTE), check(free, false, MINUTE)));
    written.countDown();
    other.join();

    assertThat(due()).containsExactly(held.id());
  }

  private void holdRow(SourceTable table, CountDownLatch writes, CountDownLatch end) {
    database
        .jdbi()
        .useTransaction(
            handle -> {
              handle.execute("update source_table set location = 'x' where id = ?", table.id());
              writes.countDown();
              Uninterruptibles.awaitUninterruptibly(end);
            });
  }

  @Test
  void postpone_table_putsOffItsCheckWithoutCountingOne() {
    SourceTable table = discover(tables, SOURCE, "orders");

    checks.postpone(table.id(), MINUTE);

    assertThat(due()).isEmpty();
    assertThat(read(table).checkedAt()).isEmpty();
    clock.step(MINUTE);
    assertThat(due()).hasSize(1);
  }

  @Test
  void due_severalTables_areLongestWaitingFirstUpToTheLimit() {
    SourceTable late = discover(tables, SOURCE, "late");
    SourceTable early = discover(tables, SOURCE, "early");
    SourceTable later = discover(tables, SOURCE, "later");
    checks.postpone(late.id(), Duration.ofSeconds(2));
    checks.postpone(early.id(), Duration.ofSeconds(1));
    checks.postpone(later.id(), Duration.ofSeconds(3));
    clock.step(Duration.ofSeconds(5));

    assertThat(checks.due(SOURCE, 2))
        .extracting(SourceTable::id)
        .containsExactly(early.id(), late.id());
  }

  @Test
  void allDue_againAndAgain_letsTheLastOnesCome() {
    SourceTable first = discover(tables, SOURCE, "first");
    SourceTable last = discover(tables, SOURCE, "last");
    checks.postpone(first.id(), Duration.ofHours(1));
    checks.postpone(last.id(), Duration.ofHours(1));
    checks.allDue(SOURCE);
    clock.step(Duration.ofSeconds(1));
    checks.checked(List.of(check(first, false, Duration.ofHours(1))));
    checks.allDue(SOURCE);

    assertThat(due()).containsExactly(last.id(), first.id());
  }
}
