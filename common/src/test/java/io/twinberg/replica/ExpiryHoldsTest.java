package io.twinberg.replica;

import static io.twinberg.testing.Samples.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.Sources;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExpiryHoldsTest extends DatabaseContract {
  private static final TableIdentifier ORDERS = name("orders");
  private static final Duration HOLD = Duration.ofMinutes(15);

  private ExpiryHolds holds;

  @BeforeEach
  void open() {
    holds = process();
  }

  private ExpiryHolds process() {
    return new ExpiryHolds(SOURCE, database, clock);
  }

  private Instant until(ExpiryHolds asked, long position) {
    return asked.until(ORDERS, "eu", position, HOLD);
  }

  @Test
  void until_askedOfAnotherProcessLater_isCountedFromTheFirstRefusal() {
    Instant first = until(holds, 7);
    assertThat(first).isEqualTo(clock.instant().plus(HOLD));
    clock.step(Duration.ofMinutes(14));

    assertThat(until(process(), 7)).isEqualTo(first);
    assertThat(process().until(ORDERS, "eu", 8, HOLD.multipliedBy(2)))
        .as("a rule that was changed meanwhile")
        .isEqualTo(first.plus(HOLD));
  }

  @Test
  void until_ofOtherTablesDestinationsAndSources_isTheirOwn() {
    new Sources(database).register("other");
    Instant first = until(holds, 7);
    clock.step(Duration.ofMinutes(1));
    Instant second = clock.instant().plus(HOLD);

    assertThat(holds.until(name("items"), "eu", 7, HOLD)).isEqualTo(second);
    assertThat(holds.until(ORDERS, "us", 7, HOLD)).isEqualTo(second);
    assertThat(until(new ExpiryHolds("other", database, clock), 7)).isEqualTo(second);
    holds.over(ORDERS, "us");
    assertThat(until(holds, 7)).isEqualTo(first);
  }

  @Test
  void until_afterItWasOver_isCountedAnew() {
    until(holds, 7);
    clock.step(Duration.ofMinutes(1));

    process().over(ORDERS, "eu");

    assertThat(until(holds, 7)).isEqualTo(clock.instant().plus(HOLD));
  }

  @Test
  void until_replicaThatStandsStill_isWaitedForOnce() {
    Instant first = until(holds, 7);
    clock.step(Duration.ofDays(20));

    assertThat(until(holds, 7)).isEqualTo(first);
  }

  @Test
  void until_clockSetBack_isNoLongerThanTheHold() {
    until(holds, 7);
    clock.step(Duration.ofHours(-5));

    assertThat(until(holds, 7)).isEqualTo(clock.instant().plus(HOLD));
  }

  @Test
  void until_askedByManyAtOnce_isOneHold() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch start = new CountDownLatch(1);
    try {
      List<Future<Instant>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(
            threads.submit(
                () -> {
                  start.await();
                  return until(process(), 7);
                }));
      }
      start.countDown();
      for (Future<Instant> answer : answers) {
        assertThat(answer.get()).isEqualTo(clock.instant().plus(HOLD));
      }
    } finally {
      threads.shutdown();
    }
    assertThat(rows("expiry_hold")).isEqualTo(1);
  }
}
