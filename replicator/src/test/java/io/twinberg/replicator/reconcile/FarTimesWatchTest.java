package io.twinberg.replicator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.database.FarTimes;
import io.twinberg.log.SourceTable;
import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Samples;
import io.twinberg.testing.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FarTimesWatchTest extends DatabaseContract {
  private final SteppedClock other = new SteppedClock(Instant.parse("2026-03-04T05:06:07Z"));
  private long nanos;
  private FarTimesWatch watch;

  @BeforeEach
  void start() {
    FarTimes farTimes =
        new FarTimes(database, clock, Duration.ofSeconds(30), Duration.ofMinutes(1));
    watch =
        new FarTimesWatch(
            SOURCE,
            farTimes,
            new SetBackClock(clock::instant, () -> nanos),
            new SetBackClock(other::instant, () -> nanos),
            () -> nanos);
  }

  private void time(Duration passes) {
    nanos += passes.toNanos();
    clock.step(passes);
    other.step(passes);
  }

  private void putOff() {
    SourceTable table = Samples.discover(tables, SOURCE, "t" + nanos);
    checks.postpone(table.id(), Duration.ofHours(2));
  }

  @Test
  void start_afterTheClockWasSetBackWhileNothingRan_bringsBack() {
    putOff();

    assertThat(watch.step()).isTrue();
    assertThat(checks.due(SOURCE, 10)).hasSize(1);
  }

  @Test
  void clock_thatIsSetBack_isSeenAtTheNextTurn() {
    watch.step();
    putOff();
    time(Duration.ofMillis(100));
    assertThat(watch.step()).isFalse();

    clock.step(Duration.ofSeconds(-2));
    assertThat(watch.step()).isTrue();
  }

  /** Whoever has read the clock before may write what it said later. */
  @Test
  void farTime_writtenAfterTheLook_isBroughtBackSoon() {
    watch.step();
    clock.step(Duration.ofSeconds(-2));
    watch.step();
    putOff();
    time(Duration.ofSeconds(4));
    assertThat(watch.step()).isFalse();

    time(Duration.ofSeconds(1));
    assertThat(watch.step()).isTrue();
  }

  @Test
  void clock_thatIsSetForwardAndBack_isSeen() {
    watch.step();
    clock.step(Duration.ofHours(1));
    assertThat(watch.step()).isFalse();
    putOff();

    clock.step(Duration.ofHours(-1));
    assertThat(watch.step()).isTrue();
  }

  /** The database's own, by which leases and claims go. */
  @Test
  void anotherClock_thatIsSetBack_isSeenToo() {
    watch.step();
    putOff();

    other.step(Duration.ofHours(-1));
    time(Duration.ofSeconds(10));

    assertThat(watch.step()).isTrue();
  }

  @Test
  void clocks_thatGoOn_areNoReasonToReadEverything() {
    watch.step();
    putOff();
    for (int i = 0; i < 29; i++) {
      time(Duration.ofSeconds(10));
      assertThat(watch.step()).isFalse();
    }

    time(Duration.ofSeconds(10));
    assertThat(watch.step()).as("what another process's clock has left").isTrue();
  }
}
