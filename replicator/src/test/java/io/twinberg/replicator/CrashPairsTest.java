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
 * CaptureCrashTest's, those of a drop DropTest's.
 */
class CrashPairsTest {
  private static final int PAIRS = Integer.getInteger("crash-pairs", 8);
  private static final Duration GRACE = Duration.ofHours(3);
  private static final Duration INTERVAL = Duration.ofDays(30);
  private static final Set<CrashPoint> OF_OTHERS =
      EnumSet.of(
          CrashPoint.INTENT_OPENED,
          CrashPoint.ANSWERED,
          CrashPoint.SETTLED,
          CrashPoint.REPLICA_DROPPED,
          CrashPoint.REPLICA_POINTERS_REMOVED,
          CrashPoint.REPLICA_FILES_REMOVED);

  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.now());
  private final List<Table> doomed = new ArrayList<>();
  private final Map<String, Long> positions = new HashMap<>();
  private TestingLake lake;
  private ChangingEntries others;
  private Table orders;
  private Table items;
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
    orders = table("orders");
    items = table("items");
    others = new ChangingEntries(lake, clock);
    doomed.add(table("doomed1"));
    doomed.add(table("doomed2"));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      List.of(orders, items, doomed.get(0), doomed.get(1)).forEach(lake::awaitCurrent);
    }
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
    others.begin(List.of(first, second));
    for (CrashPoint point : List.of(first, second)) {
      arrange(point);
      crash(point);
    }
    complete();
    assertDone();
  }

  /** Gives the next process something to do that passes a point. */
  private void arrange(CrashPoint point) {
    arranged++;
    switch (point) {
      case GROUP_STAGED, GROUP_PUBLISHED -> transact();
      case INTENT_LOGGED -> commitUnheard();
      case REPLICAS_DROPPED, TABLE_DROPPED ->
          lake.catalog().dropTable(name(doomed.remove(0)), false);
      case UNVOUCHED, CONDEMNED, DELETION_BEGUN, FILES_DELETED -> leaveSomethingBehind();
      default -> {
        if (!others.arrange(point)) {
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
    lake.append(orders, "o" + arranged);
    lake.append(items, "i" + arranged);
    new Intents(lake, clock).transaction(List.of(name(orders), name(items)));
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
      if (point == CrashPoint.DELETION_BEGUN || point == CrashPoint.FILES_DELETED) {
        TestingLake.await(() -> condemned() > 0);
        clock.step(GRACE);
      }
      reached = crash.awaitReached();
    }
    assertThat(reached).as("point " + point + " is reached").isTrue();
    lake.reopen();
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
      List.of(orders, items).forEach(lake::awaitCurrent);
      others.awaitDone(last);
      TestingLake.await(
          () -> lake.count("select count(*) from intent where state <> 'LOGGED'") == 0);
      doomedOnes()
          .forEach(name -> TestingLake.await(() -> lifecycle(name).equals("SOURCE_DROPPED")));
      clock.step(INTERVAL);
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

  private List<TableIdentifier> doomedOnes() {
    return List.of(TableIdentifier.of("sales", "doomed1"), TableIdentifier.of("sales", "doomed2"))
        .stream()
        .filter(name -> !lake.catalog().tableExists(name))
        .toList();
  }

  private String lifecycle(TableIdentifier name) {
    return lake.replica(name).lifecycle().name();
  }

  private void assertDone() {
    LogChecks.assertSound(lake);
    assertNoneWentBack();
    for (Table table : List.of(orders, items)) {
      ReplicaChecks.assertEqual(lake, table, lake.published(name(table)));
      LogChecks.assertChain(lake, table);
    }
    others.assertDone();
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
