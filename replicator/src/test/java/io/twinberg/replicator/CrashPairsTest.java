package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.Retention;
import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.EntryKind;
import io.twinberg.replica.Replica;
import io.twinberg.testing.Crash;
import io.twinberg.testing.SteppedClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process dies at one step of reconciling, replicating or deleting, and the next one, which has
 * more to do by then, at another or the same: readers see whole versions in between, and the third
 * process brings all of it to its end, once and in the source's order. {@code -Dcrash-pairs=} sets
 * how many of the ordered pairs, {@code -Dseed=} which. The steps of the proxy are
 * CaptureCrashTest's.
 */
class CrashPairsTest {
  private static final int PAIRS = Integer.getInteger("crash-pairs", 8);
  private static final Duration GRACE = Duration.ofHours(3);
  private static final Duration INTERVAL = Duration.ofDays(30);
  private static final Set<CrashPoint> OF_OTHERS =
      EnumSet.of(CrashPoint.INTENT_OPENED, CrashPoint.ANSWERED, CrashPoint.SETTLED);
  private static final Set<CrashPoint> OF_GROUPS =
      EnumSet.of(CrashPoint.GROUP_STAGED, CrashPoint.GROUP_PUBLISHED);

  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.now());
  private final List<Table> growing = new ArrayList<>();
  private final Map<String, Long> positions = new HashMap<>();
  private TestingLake lake;
  private ChangingEntries others;
  private DoomedTables doomed;
  private Table orders;
  private int arranged;

  static List<Arguments> pairs() {
    long seed = Long.getLong("seed", System.nanoTime());
    Set<CrashPoint> points = EnumSet.complementOf(EnumSet.copyOf(OF_OTHERS));
    List<Arguments> pairs = new ArrayList<>();
    for (CrashPoint first : points) {
      for (CrashPoint second : points) {
        pairs.add(Arguments.of(first, second, seed));
      }
    }
    Collections.shuffle(pairs, new Random(seed));
    return pairs.subList(0, Math.min(PAIRS, pairs.size()));
  }

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    lake.clock(clock);
    lake.retention(new Retention.Forever());
    lake.deletion(GRACE, INTERVAL);
    lake.groupHold(Duration.ofDays(1000));
    lake.logRetention(Duration.ofDays(1000));
    others = new ChangingEntries(lake, clock);
    doomed = new DoomedTables(lake, clock, GRACE);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Table table(String name) {
    Table table = lake.create(TableIdentifier.of("sales", name), "2", Map.of());
    lake.append(table, "first");
    return table;
  }

  @ParameterizedTest(name = "{0} and then {1}, seed {2}")
  @MethodSource("pairs")
  void processesDieAtTwoPoints_thirdOneCompletesEverything(
      CrashPoint first, CrashPoint second, long seed) {
    begin(List.of(first, second));
    for (CrashPoint point : List.of(first, second)) {
      arrange(point);
      crash(point);
    }
    complete();
    assertDone();
  }

  /** One table that grows, and what else these points need. */
  private void begin(List<CrashPoint> points) {
    orders = table("orders");
    growing.add(orders);
    if (points.stream().anyMatch(OF_GROUPS::contains)) {
      growing.add(table("items"));
    }
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      growing.forEach(lake::awaitCurrent);
    }
    doomed.begin(points);
    others.begin(points);
  }

  /** Gives the next process something to do that passes a point. */
  private void arrange(CrashPoint point) {
    arranged++;
    switch (point) {
      case GROUP_STAGED, GROUP_PUBLISHED -> transact();
      case INTENT_LOGGED -> commitUnheard();
      case UNVOUCHED, CONDEMNED, DELETION_BEGUN, FILES_DELETED -> leaveSomethingBehind();
      default -> {
        if (!doomed.arrange(point) && !others.arrange(point)) {
          appendTwice();
        }
      }
    }
  }

  private static TableIdentifier name(Table table) {
    return TestingLake.name(table);
  }

  /** One manifest alone is never staged. */
  private void appendTwice() {
    lake.append(orders, "o" + arranged);
    lake.append(orders, "p" + arranged);
  }

  private void transact() {
    growing.forEach(table -> lake.append(table, "t" + arranged));
    new Intents(lake, clock).transaction(growing.stream().map(CrashPairsTest::name).toList());
  }

  private void commitUnheard() {
    lake.append(orders, "o" + arranged);
    orders.refresh();
    new Intents(lake, clock).unknown(name(orders), orders.currentSnapshot().snapshotId());
  }

  /** As if nobody had looked yet: where nobody has worked since, nobody looks again. */
  private void leaveSomethingBehind() {
    lake.sql("update replica_cleanup set seen_token = 0, seen_generation = 0");
    lake.store()
        .put(
            lake.replica(name(orders)).folder() + "/metadata/left-behind-" + arranged + ".avro",
            "left behind".getBytes(StandardCharsets.UTF_8));
    clock.step(INTERVAL);
  }

  private void crash(CrashPoint point) {
    Crash crash = new Crash(point);
    boolean reached;
    try (Replicator dying = lake.replicator(crash)) {
      dying.demand("main");
      dying.operationWaits();
      if (point == CrashPoint.DELETION_BEGUN || point == CrashPoint.FILES_DELETED) {
        TestingLake.await(() -> condemned() > 0);
        clock.step(GRACE);
      }
      reached = crash.awaitReached();
    }
    assertThat(reached).as("point " + point + " is reached").isTrue();
    lake.reopen();
    doomed.outlive();
    LogChecks.assertSound(lake);
    assertNoneWentBack();
  }

  private void assertNoneWentBack() {
    for (Replica replica : LogChecks.replicas(lake)) {
      Long before = positions.put(replica.id(), replica.position());
      assertThat(replica.position()).isGreaterThanOrEqualTo(before == null ? 0 : before);
    }
  }

  private long condemned() {
    return lake.count("select count(*) from condemned_file");
  }

  private void complete() {
    try (Replicator last = lake.replicator(CrashPoints.NONE)) {
      last.demand("main");
      growing.forEach(lake::awaitCurrent);
      others.awaitDone(last);
      TestingLake.await(
          () -> lake.count("select count(*) from intent where state <> 'LOGGED'") == 0);
      clock.step(INTERVAL);
      doomed.awaitDone(last);
      awaitCleanedUp();
      // Longer, too, than what a lost attempt was deleting is left alone.
      clock.step(GRACE);
      awaitCleanedUp();
    }
  }

  private void awaitCleanedUp() {
    TestingLake.await(
        () ->
            lake.count(
                    "select count(*) from replica_cleanup where due_at <= '%s'"
                        .formatted(clock.instant()))
                == 0);
  }

  private void assertDone() {
    LogChecks.assertSound(lake);
    assertNoneWentBack();
    for (Table table : growing) {
      ReplicaChecks.assertEqual(lake, table, lake.published(name(table)));
      LogChecks.assertChain(lake, table);
    }
    others.assertDone();
    doomed.assertDone();
    LogChecks.replicas(lake).stream()
        .filter(replica -> replica.kind() == EntryKind.TABLE)
        .forEach(replica -> LogChecks.assertNothingElse(lake, replica));
    assertThat(lake.count("select count(*) from destination_group where split_at is not null"))
        .isZero();
    assertThat(condemned()).isZero();
    assertThat(lake.count("select count(*) from staged_publication")).isZero();
    assertThat(lake.count("select count(*) from gap")).isZero();
    assertThat(lake.count("select count(*) from ledger where state <> 'LIVE'")).isZero();
  }
}
