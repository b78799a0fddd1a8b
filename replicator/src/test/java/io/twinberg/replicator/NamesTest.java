package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.storage.StoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names that are swapped, shared, out of reach of the rules, or changed while a lane works. */
class NamesTest extends SharedLake {
  private TableIdentifier one;
  private TableIdentifier two;
  private TableIdentifier three;
  private TableIdentifier between;
  private TableIdentifier hidden;

  @BeforeEach
  void nameTables() {
    one = name("one");
    two = name("two");
    three = name("three");
    between = name("between");
    hidden = name("hidden");
    unruled.add(hidden);
  }

  private Replica replicated(TableIdentifier name) {
    lake.append(lake.create(name, "2", Map.of()), name.name());
    assertCurrent(name);
    return lake.replica(name);
  }

  private Table load(TableIdentifier name) {
    return lake.catalog().loadTable(name);
  }

  /** The replicas under these names come to show what the source has under them. */
  private void assertCurrent(TableIdentifier... names) {
    replicator.demand("main");
    for (TableIdentifier name : names) {
      Table table = load(name);
      TestingLake.await(() -> shows(name, table));
      TableMetadata replica = lake.awaitCurrent(table);
      ReplicaChecks.assertEqual(lake, table, replica);
    }
  }

  private boolean shows(TableIdentifier name, Table table) {
    return lake.replicas()
        .byName("eu", name)
        // The replica that was found is asked: the name may be another's, or nobody's, by now.
        .filter(replica -> replica.metadataLocation().isPresent())
        .filter(replica -> lake.published(replica).uuid().equals(table.uuid().toString()))
        .isPresent();
  }

  private void swap(TableIdentifier left, TableIdentifier right) {
    lake.catalog().renameTable(left, between);
    lake.catalog().renameTable(right, left);
    lake.catalog().renameTable(between, right);
  }

  private void step(TableIdentifier from, TableIdentifier to) {
    lake.catalog().renameTable(from, to);
    long id = intents.renamed(from, to);
    replicator.settled("main");
    intents.awaitState(id, "LOGGED");
  }

  @Test
  void swap_withinOneSweep_replicasChangeNamesAndKeepTheirFiles() {
    Replica first = replicated(one);
    Replica second = replicated(two);
    unseen(
        () -> {
          swap(one, two);
          lake.append(load(one), "later");
        });
    assertCurrent(one, two);
    assertMoved(first, two);
    assertMoved(second, one);
    assertThat(replicas()).isEqualTo(2);
  }

  @Test
  void swap_seenByTheProxy_replicasChangeNamesAndKeepTheirFiles() {
    Replica first = replicated(one);
    Replica second = replicated(two);
    unseen(
        () -> {
          swap(one, two);
          intents.renamed(one, between);
          intents.renamed(two, one);
          intents.renamed(between, two);
        });
    assertCurrent(one, two);
    assertMoved(first, two);
    assertMoved(second, one);
    assertThat(replicas()).isEqualTo(2);
  }

  @Test
  void swap_eachStepSeenAtOnce_replicasChangeNamesAndKeepTheirFiles() {
    Replica first = replicated(one);
    Replica second = replicated(two);
    step(one, between);
    assertThat(now(first).name()).isEqualTo(between);
    assertThat(lake.replicas().byName("eu", one)).isEmpty();
    step(two, one);
    step(between, two);
    assertCurrent(one, two);
    assertMoved(first, two);
    assertMoved(second, one);
    assertThat(replicas()).isEqualTo(2);
  }

  @Test
  void circleOfThree_withinOneSweep_eachReplicaHasItsNewName() {
    Replica first = replicated(one);
    Replica second = replicated(two);
    Replica third = replicated(three);
    unseen(
        () -> {
          swap(one, two);
          swap(two, three);
        });
    assertCurrent(one, two, three);
    assertMoved(first, three);
    assertMoved(second, one);
    assertMoved(third, two);
    assertThat(replicas()).isEqualTo(3);
  }

  @Test
  void rename_acrossNamespaces_movesTheNameAndNotTheFiles() {
    Replica first = replicated(one);
    Namespace other = Namespace.of(space.level(0) + "_other");
    lake.catalog().createNamespace(other);
    TableIdentifier moved = TableIdentifier.of(other, "elsewhere");
    step(one, moved);
    assertCurrent(moved);
    assertMoved(first, moved);
    assertThat(lake.replicas().byName("eu", one)).isEmpty();
  }

  @Test
  void renamedAndNameTakenByANewTable_replicaFollowsAndTheNewTableHasItsOwn() {
    Replica first = replicated(one);
    unseen(
        () -> {
          lake.catalog().renameTable(one, two);
          lake.append(lake.create(one, "2", Map.of()), "new");
        });
    assertCurrent(one, two);
    assertMoved(first, two);
    assertThat(lake.replica(one).id()).isNotEqualTo(first.id());
  }

  @Test
  void rename_whileALaneCopies_publishesToTheSameReplicaUnderTheNewName() {
    Replica first = replicated(one);
    CountDownLatch copying = new CountDownLatch(1);
    CountDownLatch renamed = new CountDownLatch(1);
    destination.hook(
        call -> {
          if (call.kind().equals("COPY")) {
            copying.countDown();
            await(renamed);
          }
        });
    lake.append(load(one), "slow");
    replicator.demand("main");
    await(copying);
    step(one, two);
    assertThat(now(first).name()).isEqualTo(two);
    renamed.countDown();
    assertCurrent(two);
    assertMoved(first, two);
    assertThat(lake.replicas().byName("eu", one)).isEmpty();
    assertThat(replicas()).isEqualTo(1);
  }

  @Test
  void rename_whileThePointerObjectIsWritten_objectBearsTheNewNameInTheEnd() {
    Replica first = replicated(one);
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch renamed = new CountDownLatch(1);
    destination.hook(
        call -> {
          if (call.location().startsWith(first.folder() + "/metadata/pointer/")) {
            writing.countDown();
            await(renamed);
          }
        });
    lake.append(load(one), "b");
    replicator.demand("main");
    await(writing);
    step(one, two);
    renamed.countDown();
    assertCurrent(two);
    assertMoved(first, two);
  }

  @Test
  void oneFileUnderTwoNames_isTwoTablesAndTwoReplicas() {
    Replica first = replicated(one);
    registerAgain(one, two);
    Replica second = lake.replica(two);
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.folder()).isNotEqualTo(first.folder());

    lake.catalog().renameTable(one, three);
    assertCurrent(two, three);
    assertMoved(first, three);
    assertMoved(second, two);

    lake.catalog().dropTable(two, false);
    lake.append(load(three), "later");
    assertCurrent(three);
    awaitLifecycle(second, ReplicaLifecycle.SOURCE_DROPPED);
    assertMoved(first, three);
  }

  @Test
  void oneFileUnderTwoNames_bothRenamedAtOnce_eachReplicaKeepsItsHistory() {
    Replica first = replicated(one);
    registerAgain(one, two);
    Replica second = lake.replica(two);
    unseen(
        () -> {
          lake.catalog().renameTable(one, three);
          lake.catalog().renameTable(two, between);
        });
    assertCurrent(three, between);
    assertMoved(first, three);
    assertMoved(second, between);
    assertThat(replicas()).isEqualTo(2);
  }

  private void registerAgain(TableIdentifier name, TableIdentifier again) {
    lake.catalog().registerTable(again, TestingLake.current(load(name)).metadataFileLocation());
    lake.append(load(name), "of-" + name.name());
    lake.append(load(again), "of-" + again.name());
    assertCurrent(name, again);
  }

  @Test
  void registerOverADroppedTable_earlierVersion_isAnotherHistory() {
    Replica first = replicated(one);
    Table table = load(one);
    String earlier = TestingLake.current(table).metadataFileLocation();
    lake.append(table, "b");
    assertCurrent(one);
    unseen(
        () -> {
          lake.catalog().dropTable(one, false);
          lake.append(lake.catalog().registerTable(one, earlier), "c");
        });
    replicator.demand("main");
    awaitLifecycle(first, ReplicaLifecycle.ARCHIVED);
    assertCurrent(one);
    assertThat(lake.replica(one).id()).isNotEqualTo(first.id());
    assertThat(
            lake.strings(
                "select lifecycle from source_table where table_uuid = '%s' order by id"
                    .formatted(table.uuid())))
        .containsExactly("ENDED", "ACTIVE");
    ReplicaChecks.assertWhole(lake, lake.published(now(first).name()));
  }

  @Test
  void registerOverATable_earlierVersion_isNoticedByItsIntent() {
    Replica first = replicated(one);
    String earlier = TestingLake.current(load(one)).metadataFileLocation();
    lake.append(load(one), "b");
    assertCurrent(one);
    reader.silence();
    lake.catalog().dropTable(one, false);
    lake.catalog().registerTable(one, earlier);
    long id = intents.registered(one, earlier);
    reader.heal();
    replicator.settled("main");
    intents.awaitState(id, "LOGGED");
    assertThat(now(first).lifecycle()).isEqualTo(ReplicaLifecycle.ARCHIVED);
    assertCurrent(one);
    assertThat(lake.replica(one).id()).isNotEqualTo(first.id());
  }

  @Test
  void tableThatMadeWay_registeredUnderAnotherName_comesBackWithItsReplica() {
    Replica first = replicated(one);
    String last = TestingLake.current(load(one)).metadataFileLocation();
    unseen(
        () -> {
          lake.catalog().dropTable(one, false);
          lake.append(lake.create(one, "2", Map.of()), "new");
        });
    assertCurrent(one);
    assertThat(now(first).lifecycle()).isEqualTo(ReplicaLifecycle.ARCHIVED);
    lake.append(lake.catalog().registerTable(two, last), "more");
    assertCurrent(two);
    assertMoved(first, two);
  }

  @Test
  void renamedOutOfTheRules_replicaStaysAsItIs_andGoesOnWhenItIsBack() {
    Replica first = replicated(one);
    step(one, hidden);
    lake.append(load(hidden), "secret");
    awaitLifecycle(first, ReplicaLifecycle.UNMATCHED);
    assertThat(now(first).name()).isEqualTo(one);
    assertThat(now(first).position()).isEqualTo(first.position());
    assertThat(lake.published(one).snapshots()).hasSize(1);

    step(hidden, two);
    assertCurrent(two);
    assertMoved(first, two);
    assertThat(lake.published(two).snapshots()).hasSize(2);
  }

  @Test
  void renamedIntoTheRules_replicaIsBegun() {
    lake.append(lake.create(hidden, "2", Map.of()), "a");
    step(hidden, one);
    assertCurrent(one);
  }

  @Test
  void renamedOutOfTheRules_nameTakenByAnother_replicaMakesWay() {
    Replica first = replicated(one);
    step(one, hidden);
    lake.append(lake.create(one, "2", Map.of()), "new");
    assertCurrent(one);
    assertThat(now(first).lifecycle()).isEqualTo(ReplicaLifecycle.ARCHIVED);
    assertThat(lake.replica(one).id()).isNotEqualTo(first.id());
  }

  @Test
  void ruleGone_replicaStaysAsItIs() {
    Replica first = replicated(one);
    unruled.add(one);
    lake.append(load(one), "b");
    awaitLifecycle(first, ReplicaLifecycle.UNMATCHED);
    assertThat(now(first).position()).isEqualTo(first.position());
  }

  @Test
  void ruleBackAfterARestart_replicaGoesOnAtOnce() {
    Replica first = replicated(one);
    unruled.add(one);
    lake.append(load(one), "b");
    awaitLifecycle(first, ReplicaLifecycle.UNMATCHED);
    replicator.close();
    unruled.remove(one);

    replicator = lake.replicator(CrashPoints.NONE);

    lake.awaitCurrent(load(one));
    assertMoved(first, one);
    assertThat(lake.published(one).snapshots()).hasSize(2);
  }

  @Test
  void drop_versionsStillWaiting_areAppliedBeforeTheReplicaStops() {
    Replica first = replicated(one);
    destination.hook(
        call -> {
          if (call.kind().equals("COPY")) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, call.location(), "away");
          }
        });
    lake.append(load(one), "last");
    replicator.demand("main");
    TestingLake.await(() -> now(first).failure().isPresent());
    lake.catalog().dropTable(one, false);
    awaitLifecycle(first, ReplicaLifecycle.SOURCE_DROPPED);
    destination.hook(call -> {});
    TestingLake.await(() -> now(first).position() > first.position());
    assertThat(lake.published(one).snapshots()).hasSize(2);
    ReplicaChecks.assertWhole(lake, lake.published(one));
  }

  @Test
  void dropWithPurge_replicaStaysWholeAndReadable() {
    Replica first = replicated(one);
    lake.catalog().dropTable(one, true);
    awaitLifecycle(first, ReplicaLifecycle.SOURCE_DROPPED);
    ReplicaChecks.assertWhole(lake, lake.published(one));
    TestingLake.await(() -> pointer(first).lifecycle() == ReplicaLifecycle.SOURCE_DROPPED);
  }

  /** What it lacks is nowhere any more: it says so, and what it has stays as it is. */
  @Test
  void dropWithPurge_whileTheReplicaLags_lastVersionStaysAndTheMissingFileIsNamed() {
    Replica first = replicated(one);
    destination.hook(
        call -> {
          if (call.kind().equals("COPY")) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, call.location(), "away");
          }
        });
    Table table = load(one);
    lake.append(table, "last");
    replicator.demand("main");
    TestingLake.await(() -> now(first).failure().isPresent());
    lake.catalog().dropTable(one, true);
    awaitLifecycle(first, ReplicaLifecycle.SOURCE_DROPPED);
    destination.hook(call -> {});
    TestingLake.await(
        () ->
            now(first)
                .failure()
                .filter(failure -> failure.code().equals("SOURCE_FILE_MISSING"))
                .isPresent());
    assertThat(now(first).failure().orElseThrow().file().orElseThrow())
        .startsWith(table.location());
    assertThat(now(first).position()).isEqualTo(first.position());
    assertThat(lake.published(one).snapshots()).hasSize(1);
    ReplicaChecks.assertWhole(lake, lake.published(one));
  }

  @Test
  void oddNames_throughSweepFolderPointerAndReplica() {
    List<TableIdentifier> odd =
        List.of(
            TableIdentifier.of(Namespace.of("a", "c d"), "t.u v%"),
            TableIdentifier.of(Namespace.of("ünï", "表"), "🎉 %2F/x"),
            TableIdentifier.of(Namespace.of("a", "b-7"), "t-0"),
            TableIdentifier.of(Namespace.of("it's", "\"q\""), "a'b\"c`d"));
    for (TableIdentifier name : odd) {
      lake.catalog().createNamespace(name.namespace());
      lake.append(
          lake.catalog()
              .buildTable(name, TestingLake.SCHEMA)
              .withLocation(load(replicatedPlain()).location() + odd.indexOf(name))
              .create(),
          "a");
    }
    replicator.demand("main");
    for (TableIdentifier name : odd) {
      TestingLake.await(
          () ->
              lake.replicas()
                  .byName("eu", name)
                  .filter(replica -> replica.generation() > 0)
                  .isPresent());
      ReplicaChecks.assertWhole(lake, lake.published(name));
      Replica replica = lake.replica(name);
      TestingLake.await(() -> now(replica).pointerGeneration() == now(replica).generation());
      assertThat(pointer(replica).namespace()).containsExactly(name.namespace().levels());
      assertThat(pointer(replica).name()).isEqualTo(name.name());
    }
  }

  private TableIdentifier replicatedPlain() {
    if (!lake.catalog().tableExists(one)) {
      lake.create(one, "2", Map.of());
    }
    return one;
  }
}
