package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.storage.StoreException;
import io.twinberg.testing.Crash;
import java.time.Duration;
import java.util.List;
import org.apache.iceberg.ExpireSnapshots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Deletion, and processes that die or calls that fail. */
class DeletionCrashTest extends DeletionSuite {
  /** The call may have arrived all the same, or arrive later. */
  @Test
  void rollback_needsAFileWhoseDeletionFailedInThisProcess_waits() {
    long wanted = table.currentSnapshot().snapshotId();
    dropFirstFile();
    condemn();
    destination.hook(
        call -> {
          if (call.kind().equals("DELETE")) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, call.location(), "no answer");
          }
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.append(table, "d");
      lake.sync(replicator, table);
      clock.step(GRACE);
      TestingLake.await(
          () -> lake.count("select count(*) from condemned_file where state = 'DELETING'") > 0);
      table.manageSnapshots().rollbackTo(wanted).commit();
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().failure().isPresent());
    }
    assertThat(lake.replica().failure().orElseThrow().code()).isEqualTo("FILE_BEING_DELETED");
  }

  /**
   * The row of a file that cannot be told from one that is being deleted stays for half an hour.
   */
  @Test
  void deletionOfOneOfManyFiles_fails_onlyItsRowStays() {
    dropFirstFile();
    condemn();
    assertThat(condemned()).isGreaterThan(1);
    destination.hook(
        call -> {
          if (call.kind().equals("DELETE") && call.location().endsWith("/a.parquet")) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, call.location(), "no answer");
          }
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      clock.step(GRACE);
      replicator.demand("main");
      TestingLake.await(() -> condemned() == 1);
    }
    assertThat(lake.count("select count(*) from condemned_file where state = 'DELETING'"))
        .isEqualTo(1);
    assertThat(hasDataFile("a")).isTrue();
  }

  @Test
  void rollback_needsAFileWhoseDeletionDidNotEnd_waitsUntilNoCallCanBeOnItsWay() {
    long wanted = table.currentSnapshot().snapshotId();
    dropFirstFile();
    condemn();
    clock.step(GRACE);
    die(CrashPoint.DELETION_BEGUN);
    table.manageSnapshots().rollbackTo(wanted).commit();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().failure().isPresent());
      assertThat(lake.replica().failure().orElseThrow().code()).isEqualTo("FILE_BEING_DELETED");
      assertThat(lake.replica().failure().orElseThrow().file().orElseThrow())
          .endsWith("/a.parquet");
      assertThat(hasDataFile("a")).as("nobody touches it").isTrue();
      ReplicaChecks.assertWhole(lake, lake.published());

      clock.step(Duration.ofMinutes(31));
      ReplicaChecks.assertWhole(lake, lake.awaitCurrent(table));
    }
    assertThat(ReplicaChecks.names(lake, lake.published(), lake.published().currentSnapshot()))
        .containsExactly("a", "b");
    assertThat(lake.replica().failure()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"UNVOUCHED", "CONDEMNED", "DELETION_BEGUN", "FILES_DELETED"})
  void process_diesAtPoint_nextOneEndsIt(CrashPoint point) {
    dropFirstFile();
    if (point == CrashPoint.UNVOUCHED || point == CrashPoint.CONDEMNED) {
      clock.step(INTERVAL);
    } else {
      condemn();
      clock.step(GRACE);
    }
    die(point);
    ReplicaChecks.assertWhole(lake, lake.published());

    clock.step(INTERVAL);
    awaitReminder(lake -> true);
    clock.step(GRACE.plusHours(1));
    awaitReminder(lake -> condemned() == 0);
    assertNothingElse();
    lake.append(table, "d");
    catchUp();
  }

  @ParameterizedTest
  @EnumSource(names = {"MANIFEST_STAGED", "FILES_COMPLETE"})
  void crashedAttempt_leftovers_areDeleted(CrashPoint point) {
    catchUp();
    lake.append(table, "c");
    lake.append(table, "d");
    Crash crash = new Crash(point);
    try (Replicator dying = lake.replicator(crash)) {
      dying.demand("main");
      assertThat(crash.awaitReached()).isTrue();
    }
    lake.reopen();
    List<String> before = files("");
    // What it staged is of no use to a version without those snapshots.
    table.manageSnapshots().rollbackTo(table.snapshots().iterator().next().snapshotId()).commit();
    table
        .expireSnapshots()
        .expireOlderThan(Long.MAX_VALUE)
        .retainLast(1)
        .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
        .commit();
    catchUp();
    condemn();
    awaitDeleted();
    ReplicaChecks.assertWhole(lake, lake.published());
    assertNothingElse();
    assertThat(before).hasSizeGreaterThan(files("").size());
    assertThat(lake.count("select count(*) from ledger where state <> 'LIVE'")).isZero();
  }

  private void die(CrashPoint point) {
    Crash crash = new Crash(point);
    try (Replicator dying = lake.replicator(crash)) {
      assertThat(crash.awaitReached()).as("point " + point + " is reached").isTrue();
    }
    lake.reopen();
    assertThat(lake.replica().failure()).isEmpty();
  }
}
