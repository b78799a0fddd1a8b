package io.twinberg.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.replica.ReplicaListener;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a reading of the replicas answers, on whichever database. */
class ReplicaReadingsTest extends DatabaseContract {
  private final Deque<Runnable> ahead = new ArrayDeque<>();
  private final CountDownLatch reading = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private ReplicaWorld world;
  // A watch may pass over its greatest value.
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private volatile long took = Duration.ofMillis(50).toNanos();
  private volatile boolean fails;
  private volatile boolean stands;

  @BeforeEach
  void open() {
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    add("a");
    add("b");
  }

  private void add(String name) {
    world.replica(world.table(SOURCE, TableIdentifier.of("n", name)), "eu");
  }

  /** Readings that each take as long by their watch, since each looks at the clock once. */
  private ReplicaReadings readings(int few) {
    InstantSource slow = this::read;
    return new ReplicaReadings(
        database,
        slow.withZone(ZoneOffset.UTC),
        new CheckIntervals(Duration.ofMinutes(1), Duration.ofMinutes(15)),
        ahead::add,
        nanos::get,
        few);
  }

  private Instant read() {
    if (fails) {
      throw new IllegalStateException("the database is away");
    }
    reading.countDown();
    if (stands) {
      await(goOn);
    }
    nanos.addAndGet(took);
    return clock.instant();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void fewReplicas_areReadForEachQuestion() {
    ReplicaReadings readings = readings(3);
    assertThat(readings.now().replicas()).hasSize(2);
    add("c");
    assertThat(readings.now().replicas()).hasSize(3);
    assertThat(ahead).isEmpty();
  }

  @Test
  void manyReplicas_answerForTwentyTimesWhatTheyTook_thenAreReadAgain() {
    ReplicaReadings readings = readings(1);
    ReplicaReading first = readings.now();
    add("c");
    nanos.addAndGet(20 * took - 1);
    assertThat(readings.now()).isSameAs(first);
    nanos.addAndGet(1);
    assertThat(readings.now().replicas()).hasSize(3);
  }

  @Test
  void readingThatTookLong_answersForFiveSecondsAtMost() {
    took = Duration.ofSeconds(1).toNanos();
    ReplicaReadings readings = readings(1);
    ReplicaReading first = readings.now();
    nanos.addAndGet(Duration.ofSeconds(5).toNanos() - 1);
    assertThat(readings.now()).isSameAs(first);
    nanos.addAndGet(1);
    assertThat(readings.now()).isNotSameAs(first);
  }

  @Test
  void readingAtThreeQuartersOfItsTime_isRenewedOnceWhileItAnswers() {
    ReplicaReadings readings = readings(1);
    ReplicaReading first = readings.now();
    nanos.addAndGet(15 * took - 1);
    readings.now();
    assertThat(ahead).as("before").isEmpty();
    nanos.addAndGet(1);
    add("c");

    assertThat(readings.now()).isSameAs(first);
    assertThat(readings.now()).isSameAs(first);

    assertThat(ahead).hasSize(1);
    ahead.remove().run();
    assertThat(readings.now().replicas()).hasSize(3);
    assertThat(ahead).isEmpty();
  }

  @Test
  void renewalThatFails_leavesTheReadingForItsTime_andIsTriedAgain() {
    ReplicaReadings readings = readings(1);
    ReplicaReading first = readings.now();
    nanos.addAndGet(15 * took);
    readings.now();
    fails = true;

    ahead.remove().run();

    assertThat(readings.now()).isSameAs(first);
    assertThat(ahead).hasSize(1);
    nanos.addAndGet(5 * took);
    assertThatThrownBy(readings::now).hasMessage("the database is away");
    fails = false;
    assertThat(readings.now()).isNotSameAs(first);
  }

  @Test
  void questionWhileAnotherReads_waitsAndTakesThatReading() throws Exception {
    ReplicaReadings readings = readings(1);
    stands = true;
    ExecutorService askers = Executors.newFixedThreadPool(2);
    try {
      Future<ReplicaReading> reader = askers.submit(readings::now);
      await(reading);
      Future<ReplicaReading> waiter = askers.submit(readings::now);
      goOn.countDown();

      assertThat(waiter.get(30, TimeUnit.SECONDS)).isSameAs(reader.get(30, TimeUnit.SECONDS));
    } finally {
      askers.shutdown();
    }
  }
}
