package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.Retention;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of a group wait for each other, and for nobody that does not count, and not for ever. */
class GroupsTest {
  /** Shorter than a table waits for its next look, which could log a member before its group. */
  private static final Duration HOLD = Duration.ofMinutes(10);

  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.now());
  private GroupLake lake;
  private Table orders;
  private Table items;

  @BeforeEach
  void open() {
    lake = new GroupLake(folder, 2, "eu");
    lake.clock(clock);
    lake.lake.groupHold(HOLD);
    orders = lake.table(0);
    items = lake.table(1);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void member_fails_othersWaitAndBothAreShownWhenItRecovers() {
    lake.begin();
    try (Replicator replicator = lake.start()) {
      lake.broken.add(items);
      lake.transact(replicator, orders, items);
      awaitFailed(items);
      lake.awaitStaged(1);
      assertThat(lake.replica(orders).generation()).isEqualTo(1);
      assertThat(lake.replica(orders).failure()).as("it waits, and has not failed").isEmpty();

      mend();
      lake.awaitCurrent(orders);
      lake.awaitCurrent(items);
    }
    assertThat(lake.splits()).isZero();
    lake.assertDone();
  }

  @Test
  void member_failsForGood_groupIsSplitAfterTheHoldAndRecorded() {
    lake.begin();
    try (Replicator replicator = lake.start()) {
      lake.broken.add(items);
      lake.transact(replicator, orders, items);
      awaitFailed(items);
      lake.awaitStaged(1);
      clock.step(HOLD.minusSeconds(1));
      TestingLake.await(() -> lake.replica(items).attempts() > 1);
      assertThat(lake.staged()).as("the hold is not over").isEqualTo(1);

      clock.step(Duration.ofSeconds(1));
      lake.awaitCurrent(orders);
      assertThat(lake.splits()).isEqualTo(1);
      assertThat(lake.lake.strings("select name from replica where group_split_at is not null"))
          .containsExactlyInAnyOrder("t0", "t1");
      assertThat(lake.replica(items).generation()).isEqualTo(1);

      mend();
      lake.awaitCurrent(items);
    }
    lake.assertDone();
  }

  /** Deletion comes due while the version is applied, so that the same lane would do it next. */
  @Test
  void memberThatWaits_deletionIsDue_itsFilesStay() {
    Duration minute = Duration.ofMinutes(1);
    lake.lake.deletion(minute, minute);
    lake.begin();
    String folder = lake.replica(orders).folder();
    AtomicBoolean due = new AtomicBoolean();
    lake.destination.hook(
        call -> {
          lake.failForBroken(call);
          if (call.location().startsWith(folder) && due.compareAndSet(false, true)) {
            clock.step(minute.multipliedBy(2));
          }
        });
    try (Replicator replicator = lake.start()) {
      lake.broken.add(items);
      lake.transact(replicator, orders, items);
      lake.awaitStaged(1);
      clock.step(minute.multipliedBy(2));
      TestingLake.await(() -> lake.replica(items).attempts() > 1);

      mend();
      lake.awaitCurrent(orders);
      lake.awaitCurrent(items);
    }
    lake.assertDone();
  }

  /** The grace ends while the version is applied, so that the same lane would delete next. */
  @Test
  void memberThatWaits_needsACondemnedFileWhoseGraceEnds_itStays() {
    Duration grace = Duration.ofMinutes(5);
    Duration age = Duration.ofDays(10);
    lake.lake.retention(new Retention.Bounded(age, 1));
    lake.lake.deletion(grace, Duration.ofDays(30));
    lake.begin();
    long wanted = orders.currentSnapshot().snapshotId();
    orders.newDelete().deleteFile(KnownFilesTest.file(orders, "first")).commit();
    clock.step(age.plusHours(1));
    lake.lake.append(orders, "second");
    lake.begin();
    clock.step(Duration.ofDays(30));
    try (Replicator replicator = lake.start()) {
      TestingLake.await(() -> lake.lake.count("select count(*) from condemned_file") > 0);
      graceEndsWhileApplied(orders, grace);
      lake.broken.add(items);
      orders.manageSnapshots().rollbackTo(wanted).commit();
      lake.lake.append(items, "second");
      lake.log(replicator, orders, items);
      awaitFailed(items);
      lake.awaitStaged(1);
      int attempts = lake.replica(items).attempts();
      retryLater();
      TestingLake.await(() -> lake.replica(items).attempts() > attempts);

      mend();
      lake.awaitCurrent(orders);
      lake.awaitCurrent(items);
    }
    ReplicaChecks.assertWhole(lake.lake, lake.lake.published(lake.replica(orders)));
  }

  private void graceEndsWhileApplied(Table table, Duration grace) {
    String folder = lake.replica(table).folder();
    AtomicBoolean over = new AtomicBoolean();
    lake.destination.hook(
        call -> {
          lake.failForBroken(call);
          boolean applies = call.kind().equals("PUT") && call.location().startsWith(folder);
          if (applies && over.compareAndSet(false, true)) {
            clock.step(grace.plusMinutes(1));
          }
        });
  }

  @Test
  void memberThatMadeAGroupSplit_isNotWaitedForUntilItHasCaughtUp() {
    lake.begin();
    try (Replicator replicator = lake.start()) {
      lake.broken.add(items);
      lake.transact(replicator, orders, items);
      lake.awaitStaged(1);
      clock.step(HOLD);
      lake.awaitCurrent(orders);
      lake.transact(replicator, orders, items);
      lake.awaitCurrent(orders);
      assertThat(lake.splits()).as("each is recorded").isEqualTo(2);

      mend();
      lake.awaitCurrent(items);
      lake.broken.add(items);
      lake.transact(replicator, orders, items);
      awaitFailed(items);
      lake.awaitStaged(1);
      mend();
      lake.awaitCurrent(orders);
      lake.awaitCurrent(items);
      assertThat(lake.splits()).isEqualTo(2);
    }
    lake.assertDone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"paused = true", "lifecycle = 'UNMATCHED'", "lifecycle = 'ARCHIVED'"})
  void memberThatDoesNotCount_otherIsShownAtOnce(String state) {
    lake.begin();
    set(items, state);
    try (Replicator replicator = lake.start()) {
      // Of a table that the rules cover a look makes the replica active again.
      lake.unruled.add(GroupLake.name(items));
      lake.transact(replicator, orders, items);
      lake.awaitCurrent(orders);
    }
    assertThat(lake.replica(items).generation()).isEqualTo(1);
    assertThat(lake.splits()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "paused = true",
        "lifecycle = 'UNMATCHED'",
        "lifecycle = 'SOURCE_DROPPED'",
        "history_through = 1"
      })
  void memberThatCountsNoLonger_waitingOneIsShown(String state) {
    lake.begin();
    try (Replicator replicator = lake.start()) {
      lake.broken.add(items);
      lake.transact(replicator, orders, items);
      awaitFailed(items);
      lake.awaitStaged(1);
      set(items, state);
      lake.awaitCurrent(orders);
    }
    assertThat(lake.staged()).isZero();
    assertThat(lake.splits()).isZero();
  }

  @Test
  void memberWithoutAVersion_otherIsShownAtOnce() {
    lake.broken.add(items);
    try (Replicator replicator = lake.start()) {
      replicator.demand("main");
      lake.awaitCurrent(orders);
      awaitFailed(items);
      lake.transact(replicator, orders, items);
      lake.awaitCurrent(orders);
      mend();
      lake.awaitCurrent(items);
    }
    lake.assertDone();
  }

  @Test
  void pausedWhileItWaits_staysAsItIsAndIsShownWhenResumed() {
    lake.begin();
    try (Replicator replicator = lake.start()) {
      lake.broken.add(items);
      lake.transact(replicator, orders, items);
      lake.awaitStaged(1);
      set(orders, "paused = true");
      mend();
      lake.awaitCurrent(items);
      assertThat(lake.replica(orders).generation()).isEqualTo(1);
      set(orders, "paused = false");
      lake.awaitCurrent(orders);
    }
    assertThat(lake.splits()).isZero();
    lake.assertDone();
  }

  @Test
  void versionsAfterTheGroup_areAppliedAfterIt() {
    lake.begin();
    try (Replicator replicator = lake.start()) {
      lake.broken.add(items);
      lake.transact(replicator, orders, items);
      lake.awaitStaged(1);
      lake.lake.append(orders, "alone");
      replicator.demand("main");
      TestingLake.await(() -> lake.lake.count("select count(*) from table_version") == 5);
      assertThat(lake.replica(orders).generation()).isEqualTo(1);
      mend();
      lake.awaitCurrent(orders);
      lake.awaitCurrent(items);
    }
    Replica replica = lake.replica(orders);
    assertThat(
            lake.lake.strings(
                "select cast(position as varchar) from receipt where replica_id = '%s' order by generation"
                    .formatted(replica.id())))
        .as("first, the group's and the one alone")
        .hasSize(3)
        .isSorted();
    lake.assertDone();
  }

  @Test
  void tableWithoutAReplica_doesNotHoldUp() {
    lake.unruled.add(GroupLake.name(items));
    try (Replicator replicator = lake.start()) {
      replicator.demand("main");
      lake.awaitCurrent(orders);
      lake.transact(replicator, orders, items);
      lake.awaitCurrent(orders);
    }
    assertThat(lake.lake.count("select count(*) from replica")).isEqualTo(1);
    assertThat(lake.lake.count("select count(*) from version_group_member")).isEqualTo(2);
    assertThat(lake.splits()).isZero();
  }

  @Test
  void tableDroppedWithItsGroup_bothAreShownTogether() {
    lake.begin();
    try (Replicator replicator = lake.start()) {
      lake.broken.add(items);
      lake.transact(replicator, orders, items);
      lake.awaitStaged(1);
      lake.lake.catalog().dropTable(GroupLake.name(orders), false);
      replicator.demand("main");
      TestingLake.await(() -> lake.replica(orders).lifecycle() == ReplicaLifecycle.SOURCE_DROPPED);
      assertThat(lake.replica(orders).generation()).isEqualTo(1);
      mend();
      lake.awaitCurrent(items);
      assertThat(lake.replica(orders).generation()).isEqualTo(2);
    }
    assertThat(lake.splits()).isZero();
  }

  /** The clock stands still, and failures are tried again after a while. */
  /** By little: on a slow machine it is asked for hundreds of times, and the hold must not end. */
  private void retryLater() {
    clock.step(Duration.ofMillis(100));
  }

  /** An attempt that began before may still fail, and waits for a later time then. */
  private void mend() {
    lake.broken.clear();
    TestingLake.await(
        () -> {
          retryLater();
          return lake.lake.count("select count(*) from replica where error_code is not null") == 0;
        });
  }

  private void awaitFailed(Table table) {
    TestingLake.await(
        () ->
            lake.lake
                .strings(
                    "select name from replica where error_code is not null and name = '%s'"
                        .formatted(GroupLake.name(table).name()))
                .equals(List.of(GroupLake.name(table).name())));
  }

  private void set(Table table, String columns) {
    lake.lake.sql(
        "update replica set %s where name = '%s'".formatted(columns, GroupLake.name(table).name()));
  }
}
