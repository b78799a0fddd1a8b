package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoint;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import io.twinberg.testing.Crash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What waits for its group outlives the process that brought it, and is not brought again. */
class GroupCrashTest {
  @TempDir Path folder;
  private GroupLake lake;
  private Table orders;
  private Table items;

  @BeforeEach
  void open() {
    lake = new GroupLake(folder, 2, "eu");
    orders = lake.table(0);
    items = lake.table(1);
    lake.begin();
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"GROUP_STAGED", "GROUP_PUBLISHED"})
  void processDiesAtPoint_nextOneShowsBothAndWritesNoMemberAgain(CrashPoint point) {
    Crash crash = new Crash(point);
    try (Replicator dying = lake.lake.replicator(crash)) {
      lake.lake.append(orders, "a");
      lake.lake.append(items, "b");
      new Intents(lake.lake).transaction(names());
      dying.settled("main");
      assertThat(crash.awaitReached()).as("point " + point + " is reached").isTrue();
    }
    final List<String> staged = stagedLocations();
    lake.lake.reopen();
    assertThat(lake.lake.count("select count(distinct generation) from replica"))
        .as("no mixture")
        .isEqualTo(1);
    lake.destination.forget();
    complete();
    assertThat(shownLocations()).containsAll(staged);
    assertThat(lake.destination.calls("PUT"))
        .as("what was complete is not brought again")
        .noneMatch(call -> staged.contains(call.location()));
    assertThat(lake.lake.count("select count(*) from receipt")).isEqualTo(4);
    lake.assertDone();
  }

  private List<TableIdentifier> names() {
    return lake.tables.stream().map(GroupLake::name).toList();
  }

  /** Waits for what the log has, without a look at the source. */
  private void complete() {
    try (Replicator next = lake.start()) {
      next.settled("main");
      lake.awaitCurrent(orders);
      lake.awaitCurrent(items);
    }
  }

  private List<String> stagedLocations() {
    return lake.lake.strings("select metadata_location from staged_publication");
  }

  private List<String> shownLocations() {
    return lake.lake.strings("select metadata_location from replica");
  }

  /** Leaves the orders staged, and the items broken. */
  private void stageOrders() {
    lake.broken.add(items);
    try (Replicator replicator = lake.start()) {
      lake.transact(replicator, orders, items);
      lake.awaitStaged(1);
    }
  }

  @Test
  void nextProcess_claimsWhatWaits_takesItOverAndWritesOnlyThePointerObject() {
    stageOrders();
    List<String> staged = stagedLocations();
    // As after a rename: its pointer object has to be written, and nothing else.
    lake.lake.sql("update replica set pointer_generation = 0 where name = 't0'");
    lake.destination.forget();
    try (Replicator next = lake.start()) {
      TestingLake.await(() -> lake.replica(orders).pointerGeneration() == 1);
      assertThat(stagedLocations()).isEqualTo(staged);
      assertThat(
              lake.lake.count(
                  """
                  select count(*) from staged_publication s join lease l on l.resource = 'replica/' || s.replica_id
                  where s.token = l.token
                  """))
          .as("under the token of its claim")
          .isEqualTo(1);
      lake.broken.clear();
      next.settled("main");
      lake.awaitCurrent(orders);
      lake.awaitCurrent(items);
    }
    assertThat(shownLocations()).containsAll(staged);
    assertThat(lake.destination.calls("PUT"))
        .filteredOn(call -> call.location().contains("/t0-"))
        .allMatch(call -> call.location().contains("/pointer/"));
    lake.assertDone();
  }

  @Test
  void waitingReplica_somethingElseWasPublished_isAppliedAnew() {
    stageOrders();
    List<String> stale = stagedLocations();
    // As an expiry of snapshots in another version of this program might do.
    lake.lake.sql("update replica set generation = generation + 1 where name = 't0'");
    lake.broken.clear();
    complete();
    assertThat(shownLocations()).doesNotContainAnyElementsOf(stale);
    assertThat(lake.lake.count("select count(*) from staged_publication")).isZero();
  }

  /** The lease alone decides: what was claimed by somebody else is not published over his head. */
  @Test
  void waitingReplica_claimedByAnother_isNotShownUntilItIsTakenOver() {
    stageOrders();
    Leases leases = new Leases(lake.lake.database());
    Lease taken =
        leases
            .claim(Lease.ofReplica(lake.replica(orders).id()), "another", Duration.ofMinutes(5))
            .orElseThrow();
    lake.broken.clear();
    try (Replicator next = lake.start()) {
      lake.awaitStaged(2);
      assertThat(lake.replica(items).generation()).isEqualTo(1);
      leases.release(taken);
      next.settled("main");
      lake.awaitCurrent(orders);
      lake.awaitCurrent(items);
    }
    lake.assertDone();
  }

  /** Each process brings one member; whichever comes second shows both. */
  @Test
  void twoProcessesOnPostgres_oneMemberEach_secondShowsBoth() {
    lake.lake.usePostgres();
    lake.begin();
    lake.broken.add(items);
    try (Replicator first = lake.start()) {
      lake.transact(first, orders, items);
      lake.awaitStaged(1);
      // Only the first one's way to the destination is broken, and stays so.
      lake.lake.stores(lake.lake.store(), lake.lake.store());
      try (Replicator second = lake.start()) {
        second.settled("main");
        lake.awaitCurrent(orders);
        lake.awaitCurrent(items);
      }
    }
    assertThat(lake.destination.calls("PUT"))
        .extracting(HookedStore.Call::location)
        .contains(lake.replica(orders).metadataLocation().orElseThrow())
        .doesNotContain(lake.replica(items).metadataLocation().orElseThrow());
    assertThat(lake.splits()).isZero();
    lake.assertDone();
  }
}
