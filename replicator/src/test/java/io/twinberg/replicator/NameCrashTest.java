package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.SourceTable;
import io.twinberg.log.TableChecks;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replicator.pointer.PointerObjects;
import io.twinberg.testing.Crash;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process dies while names change hands at the source: every replica stays readable, and the next
 * process gives each the name that its table has by then.
 */
class NameCrashTest {
  private static final TableIdentifier ONE = TableIdentifier.of("sales", "one");
  private static final TableIdentifier TWO = TableIdentifier.of("sales", "two");
  private static final TableIdentifier EVENTS = TestingLake.EVENTS;

  @TempDir Path folder;
  private TestingLake lake;
  private Replica one;
  private Replica two;
  private Replica events;

  @BeforeEach
  void replicateTables() {
    lake = new TestingLake(folder);
    List.of(ONE, TWO, EVENTS).forEach(this::create);
    catchUp(ONE, TWO, EVENTS);
    one = lake.replica(ONE);
    two = lake.replica(TWO);
    events = lake.replica(EVENTS);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Table create(TableIdentifier name) {
    Table table = lake.create(name, "2", Map.of());
    lake.append(table, "of-" + name.name());
    return table;
  }

  /** Lets a process do all that there is to do. */
  private void catchUp(TableIdentifier... names) {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      for (TableIdentifier name : names) {
        Table table = lake.catalog().loadTable(name);
        ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
        LogChecks.assertChain(lake, table);
      }
      TestingLake.await(
          () ->
              lake.count("select count(*) from replica where pointer_generation < generation")
                  == 0);
    }
    LogChecks.assertSound(lake);
  }

  private void die(CrashPoint point) {
    Crash crash = new Crash(point);
    try (Replicator dying = lake.replicator(crash)) {
      dying.demand("main");
      assertThat(crash.awaitReached()).as("point " + point + " is reached").isTrue();
    }
    lake.reopen();
    LogChecks.assertSound(lake);
  }

  private void rename(TableIdentifier from, TableIdentifier to) {
    lake.catalog().renameTable(from, to);
  }

  private void swap() {
    TableIdentifier aside = TableIdentifier.of("sales", "aside");
    rename(ONE, aside);
    rename(TWO, ONE);
    rename(aside, TWO);
  }

  private Replica now(Replica replica) {
    return lake.replicas().find(replica.id()).orElseThrow();
  }

  /** Also where the bucket alone is left. */
  private void assertNamed(Replica replica, TableIdentifier name, ReplicaLifecycle lifecycle) {
    assertThat(now(replica).name()).isEqualTo(name);
    assertThat(now(replica).lifecycle()).isEqualTo(lifecycle);
    assertThat(now(replica).folder()).isEqualTo(replica.folder());
    assertThat(new PointerObjects(lake.store()).newest(lake.root()))
        .filteredOn(pointer -> pointer.replicaId().equals(replica.id()))
        .singleElement()
        .satisfies(
            pointer -> {
              assertThat(pointer.name()).isEqualTo(name.name());
              assertThat(pointer.lifecycle()).isEqualTo(lifecycle);
            });
  }

  private void assertReplicas(int count) {
    assertThat(lake.count("select count(*) from replica")).isEqualTo(count);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENTRY_SUPERSEDED", "ENTRY_KNOWN", "REPLICA_FOLLOWS"})
  void swap_processDiesAtPoint_replicasChangeNames(CrashPoint point) {
    swap();
    die(point);
    catchUp(ONE, TWO);
    assertNamed(one, TWO, ReplicaLifecycle.ACTIVE);
    assertNamed(two, ONE, ReplicaLifecycle.ACTIVE);
    assertReplicas(3);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENTRY_SUPERSEDED", "ENTRY_KNOWN", "REPLICA_FOLLOWS"})
  void swap_undoneAfterTheCrash_replicasHaveTheirNamesAgain(CrashPoint point) {
    swap();
    die(point);
    swap();
    catchUp(ONE, TWO);
    assertNamed(one, ONE, ReplicaLifecycle.ACTIVE);
    assertNamed(two, TWO, ReplicaLifecycle.ACTIVE);
    assertReplicas(3);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENTRY_KNOWN", "REPLICA_FOLLOWS"})
  void rename_processDiesAtPoint_replicaFollowsAndItsIntentIsExplained(CrashPoint point) {
    TableIdentifier moved = TableIdentifier.of("sales", "moved");
    rename(EVENTS, moved);
    Intents intents = new Intents(lake);
    long intent = intents.renamed(EVENTS, moved);
    die(point);
    catchUp(moved);
    intents.awaitState(intent, "LOGGED");
    assertNamed(events, moved, ReplicaLifecycle.ACTIVE);
    assertReplicas(3);
  }

  /** A process dies while another table takes the name, and the next goes on. */
  private void assertSuccessorBegins(CrashPoint point) {
    die(point);
    catchUp(EVENTS);
    assertNamed(events, archived(events), ReplicaLifecycle.ARCHIVED);
    assertReplicas(4);
  }

  /** Who has had the source before, and has it again, does not begin with a sweep of all. */
  @Test
  void rename_processDiesBeforeReplicaFollows_tableIsDueAtOnce() {
    lake.sweepInterval(Duration.ofMinutes(15));
    TableIdentifier moved = TableIdentifier.of("sales", "moved");
    Crash crash = new Crash(CrashPoint.ENTRY_KNOWN);
    try (Replicator dying = lake.replicator(crash)) {
      TestingLake.await(() -> due().isEmpty());
      rename(EVENTS, moved);
      new Intents(lake).renamed(EVENTS, moved);
      assertThat(crash.awaitReached()).isTrue();
    }
    lake.reopen();
    assertThat(now(events).name()).isEqualTo(EVENTS);
    assertThat(due()).containsExactly(moved);
  }

  private List<TableIdentifier> due() {
    return new TableChecks(lake.database(), Clock.systemUTC())
        .due("main", 10).stream().map(SourceTable::name).toList();
  }

  @ParameterizedTest
  @EnumSource(names = {"ENTRY_SUPERSEDED", "ENTRY_KNOWN", "REPLICA_CREATED"})
  void replacement_processDiesAtPoint_oldReplicaStepsAsideAndNewOneBegins(CrashPoint point) {
    lake.catalog().dropTable(EVENTS, false);
    create(EVENTS);
    assertSuccessorBegins(point);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENTRY_SUPERSEDED", "ENTRY_KNOWN", "REPLICA_CREATED"})
  void replacement_droppedAfterTheCrash_noReplicaIsActive(CrashPoint point) {
    lake.catalog().dropTable(EVENTS, false);
    create(EVENTS);
    die(point);
    lake.catalog().dropTable(EVENTS, false);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> activeTables() == 2);
    }
    catchUp(ONE, TWO);
    assertThat(now(events).lifecycle()).isNotEqualTo(ReplicaLifecycle.ACTIVE);
    assertThat(lake.count("select count(*) from replica where lifecycle = 'ACTIVE'")).isEqualTo(2);
  }

  private long activeTables() {
    return lake.count("select count(*) from source_table where lifecycle = 'ACTIVE'");
  }

  @ParameterizedTest
  @EnumSource(names = {"ENTRY_KNOWN", "REPLICA_ARCHIVED", "REPLICA_CREATED"})
  void nameOfADroppedTable_processDiesAtPoint_oldReplicaMakesWayAndNewOneBegins(CrashPoint point) {
    lake.catalog().dropTable(EVENTS, false);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> now(events).lifecycle() == ReplicaLifecycle.SOURCE_DROPPED);
    }
    create(EVENTS);
    assertSuccessorBegins(point);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENTRY_SUPERSEDED", "ENTRY_KNOWN", "REPLICA_CREATED"})
  void historyThatWentBack_processDiesAtPoint_anotherIncarnationBegins(CrashPoint point) {
    Table table = lake.catalog().loadTable(EVENTS);
    String earlier = TestingLake.current(table).metadataFileLocation();
    lake.append(table, "later");
    catchUp(EVENTS);
    lake.pointCatalogTo(earlier);
    lake.append(lake.catalog().loadTable(EVENTS), "other");
    assertSuccessorBegins(point);
  }

  private static TableIdentifier archived(Replica replica) {
    return TableIdentifier.of(
        replica.name().namespace(), replica.name().name() + "__archived_" + replica.id());
  }
}
