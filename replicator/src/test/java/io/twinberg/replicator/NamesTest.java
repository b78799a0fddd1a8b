package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replicator.pointer.Pointer;
import io.twinberg.replicator.pointer.PointerObjects;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.storage.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that are swapped, shared, out of reach of the rules, or changed while a lane works. */
class NamesTest {
  private static final TableIdentifier A = TableIdentifier.of("sales", "a");
  private static final TableIdentifier B = TableIdentifier.of("sales", "b");
  private static final TableIdentifier C = TableIdentifier.of("sales", "c");
  private static final TableIdentifier BETWEEN = TableIdentifier.of("sales", "between");
  private static final TableIdentifier HIDDEN = TableIdentifier.of("secret", "a");

  @TempDir Path folder;
  private TestingLake lake;
  private Intents intents;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    intents = new Intents(lake);
    lake.catalog().createNamespace(Namespace.of("secret"));
    lake.targets(
        (source, name) ->
            name.namespace().equals(Namespace.of("secret"))
                ? List.of()
                : List.of(new Target("eu", lake.root(), name)));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Replica replicated(TableIdentifier name) {
    lake.append(lake.create(name, "2", Map.of()), name.name());
    catchUp(name);
    return lake.replica(name);
  }

  /** Until the replicas under these names show what the source has under them. */
  private void catchUp(TableIdentifier... names) {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      for (TableIdentifier name : names) {
        Table table = lake.catalog().loadTable(name);
        ReplicaChecks.assertEqual(lake, table, awaitUuid(table, name));
      }
    }
  }

  private TableMetadata awaitUuid(Table table, TableIdentifier name) {
    TestingLake.await(
        () ->
            lake.replicas()
                .byName("eu", name)
                .filter(replica -> replica.metadataLocation().isPresent())
                .filter(replica -> lake.published(name).uuid().equals(table.uuid().toString()))
                .isPresent());
    return lake.awaitCurrent(table);
  }

  private Replica now(Replica replica) {
    return lake.replicas().find(replica.id()).orElseThrow();
  }

  private void assertMoved(Replica replica, TableIdentifier name) {
    assertThat(now(replica).name()).isEqualTo(name);
    assertThat(now(replica).folder()).isEqualTo(replica.folder());
    assertThat(now(replica).lifecycle()).isEqualTo(ReplicaLifecycle.ACTIVE);
    assertThat(pointer(replica).name()).isEqualTo(name.name());
  }

  private Pointer pointer(Replica replica) {
    return new PointerObjects(lake.store())
        .newest(lake.root()).stream()
            .filter(pointer -> pointer.replicaId().equals(replica.id()))
            .findFirst()
            .orElseThrow();
  }

  private void swap(TableIdentifier one, TableIdentifier other) {
    lake.catalog().renameTable(one, BETWEEN);
    lake.catalog().renameTable(other, one);
    lake.catalog().renameTable(BETWEEN, other);
  }

  @Test
  void swap_withinOneSweep_replicasChangeNamesAndKeepTheirFiles() {
    Replica a = replicated(A);
    Replica b = replicated(B);
    swap(A, B);
    lake.append(lake.catalog().loadTable(A), "later");
    catchUp(A, B);
    assertMoved(a, B);
    assertMoved(b, A);
    assertThat(lake.count("select count(*) from replica")).isEqualTo(2);
    assertThat(lake.strings("select lifecycle from source_table")).containsOnly("ACTIVE");
  }

  @Test
  void swap_seenByTheProxy_replicasChangeNamesAndKeepTheirFiles() {
    Replica a = replicated(A);
    Replica b = replicated(B);
    swap(A, B);
    intents.renamed(A, BETWEEN);
    intents.renamed(B, A);
    long last = intents.renamed(BETWEEN, B);
    catchUp(A, B);
    intents.awaitState(last, "LOGGED");
    assertMoved(a, B);
    assertMoved(b, A);
    assertThat(lake.count("select count(*) from replica")).isEqualTo(2);
  }

  @Test
  void swap_eachStepSeenAtOnce_replicasChangeNamesAndKeepTheirFiles() {
    Replica a = replicated(A);
    Replica b = replicated(B);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      step(replicator, A, BETWEEN);
      assertThat(now(a).name()).isEqualTo(BETWEEN);
      step(replicator, B, A);
      step(replicator, BETWEEN, B);
    }
    catchUp(A, B);
    assertMoved(a, B);
    assertMoved(b, A);
    assertThat(lake.count("select count(*) from replica")).isEqualTo(2);
  }

  private void step(Replicator replicator, TableIdentifier from, TableIdentifier to) {
    lake.catalog().renameTable(from, to);
    long id = intents.renamed(from, to);
    replicator.settled("main");
    intents.awaitState(id, "LOGGED");
  }

  @Test
  void circleOfThree_withinOneSweep_eachReplicaHasItsNewName() {
    Replica a = replicated(A);
    Replica b = replicated(B);
    Replica c = replicated(C);
    swap(A, B);
    swap(B, C);
    catchUp(A, B, C);
    assertMoved(a, C);
    assertMoved(b, A);
    assertMoved(c, B);
    assertThat(lake.count("select count(*) from replica")).isEqualTo(3);
  }

  @Test
  void renamedAndNameTakenByANewTable_replicaFollowsAndTheNewTableHasItsOwn() {
    Replica a = replicated(A);
    lake.catalog().renameTable(A, B);
    lake.append(lake.create(A, "2", Map.of()), "new");
    catchUp(A, B);
    assertMoved(a, B);
    assertThat(lake.replica(A).id()).isNotEqualTo(a.id());
  }

  @Test
  void rename_whileALaneCopies_publishesToTheSameReplicaUnderTheNewName() throws Exception {
    Replica a = replicated(A);
    HookedStore slow = new HookedStore(lake.store());
    lake.stores(lake.store(), slow);
    CountDownLatch copying = new CountDownLatch(1);
    CountDownLatch renamed = new CountDownLatch(1);
    slow.hook(
        call -> {
          if (call.kind().equals("COPY")) {
            copying.countDown();
            await(renamed);
          }
        });
    lake.append(lake.catalog().loadTable(A), "slow");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      await(copying);
      step(replicator, A, B);
      TestingLake.await(() -> now(a).name().equals(B));
      renamed.countDown();
      ReplicaChecks.assertEqual(
          lake, lake.catalog().loadTable(B), lake.awaitCurrent(lake.catalog().loadTable(B)));
    }
    assertMoved(a, B);
    assertThat(lake.replicas().byName("eu", A)).isEmpty();
    assertThat(lake.count("select count(*) from replica")).isEqualTo(1);
  }

  @Test
  void rename_whileThePointerObjectIsWritten_objectBearsTheNewNameInTheEnd() throws Exception {
    Replica a = replicated(A);
    HookedStore slow = new HookedStore(lake.store());
    lake.stores(lake.store(), slow);
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch renamed = new CountDownLatch(1);
    slow.hook(
        call -> {
          if (call.location().contains("/pointer/")) {
            writing.countDown();
            await(renamed);
          }
        });
    lake.append(lake.catalog().loadTable(A), "b");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      await(writing);
      step(replicator, A, B);
      renamed.countDown();
      lake.awaitCurrent(lake.catalog().loadTable(B));
    }
    assertMoved(a, B);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void oneFileUnderTwoNames_isTwoTablesAndTwoReplicas() {
    Replica a = replicated(A);
    String file = TestingLake.current(lake.catalog().loadTable(A)).metadataFileLocation();
    lake.catalog().registerTable(B, file);
    lake.append(lake.catalog().loadTable(A), "of-a");
    lake.append(lake.catalog().loadTable(B), "of-b");
    catchUp(A, B);
    Replica b = lake.replica(B);
    assertThat(b.id()).isNotEqualTo(a.id());
    assertThat(b.folder()).isNotEqualTo(a.folder());

    lake.catalog().renameTable(A, C);
    catchUp(B, C);
    assertMoved(a, C);
    assertMoved(b, B);

    lake.catalog().dropTable(B, false);
    lake.append(lake.catalog().loadTable(C), "later");
    catchUp(C);
    awaitLifecycle(b, ReplicaLifecycle.SOURCE_DROPPED);
    assertMoved(a, C);
  }

  @Test
  void oneFileUnderTwoNames_bothRenamedAtOnce_eachReplicaKeepsItsHistory() {
    Replica a = replicated(A);
    String file = TestingLake.current(lake.catalog().loadTable(A)).metadataFileLocation();
    lake.catalog().registerTable(B, file);
    lake.append(lake.catalog().loadTable(A), "of-a");
    lake.append(lake.catalog().loadTable(B), "of-b");
    catchUp(A, B);
    Replica b = lake.replica(B);
    lake.catalog().renameTable(A, C);
    lake.catalog().renameTable(B, BETWEEN);
    catchUp(C, BETWEEN);
    assertMoved(a, C);
    assertMoved(b, BETWEEN);
    assertThat(lake.count("select count(*) from replica")).isEqualTo(2);
  }

  @Test
  void registerOverADroppedTable_earlierVersion_isAnotherHistory() {
    Replica a = replicated(A);
    Table table = lake.catalog().loadTable(A);
    String earlier = TestingLake.current(table).metadataFileLocation();
    lake.append(table, "b");
    catchUp(A);
    lake.catalog().dropTable(A, false);
    lake.append(lake.catalog().registerTable(A, earlier), "c");
    catchUp(A);
    assertThat(now(a).lifecycle()).isEqualTo(ReplicaLifecycle.ARCHIVED);
    assertThat(lake.replica(A).id()).isNotEqualTo(a.id());
    assertThat(lake.strings("select lifecycle from source_table order by id"))
        .containsExactly("ENDED", "ACTIVE");
    ReplicaChecks.assertWhole(lake, lake.published(now(a).name()));
  }

  @Test
  void renamedOutOfTheRules_replicaStaysAsItIs_andGoesOnWhenItIsBack() {
    Replica a = replicated(A);
    lake.catalog().renameTable(A, HIDDEN);
    lake.append(lake.catalog().loadTable(HIDDEN), "secret");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      long id = intents.renamed(A, HIDDEN);
      intents.awaitState(id, "LOGGED");
    }
    awaitLifecycle(a, ReplicaLifecycle.UNMATCHED);
    assertThat(now(a).name()).isEqualTo(A);
    assertThat(now(a).position()).isEqualTo(a.position());

    lake.catalog().renameTable(HIDDEN, B);
    catchUp(B);
    assertMoved(a, B);
    assertThat(lake.published(B).snapshots()).hasSize(2);
  }

  @Test
  void renamedOutOfTheRules_nameTakenByAnother_replicaMakesWay() {
    Replica a = replicated(A);
    lake.catalog().renameTable(A, HIDDEN);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      long id = intents.renamed(A, HIDDEN);
      intents.awaitState(id, "LOGGED");
    }
    lake.append(lake.create(A, "2", Map.of()), "new");
    catchUp(A);
    assertThat(now(a).lifecycle()).isEqualTo(ReplicaLifecycle.ARCHIVED);
    assertThat(lake.replica(A).id()).isNotEqualTo(a.id());
  }

  @Test
  void ruleGone_replicaStaysAsItIs() {
    Replica a = replicated(A);
    lake.targets((source, name) -> List.of());
    lake.append(lake.catalog().loadTable(A), "b");
    awaitLifecycle(a, ReplicaLifecycle.UNMATCHED);
    assertThat(now(a).position()).isEqualTo(a.position());
  }

  private void awaitLifecycle(Replica replica, ReplicaLifecycle lifecycle) {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> now(replica).lifecycle() == lifecycle);
    }
  }

  @Test
  void drop_versionsStillWaiting_areAppliedBeforeTheReplicaStops() {
    Replica a = replicated(A);
    HookedStore broken = new HookedStore(lake.store());
    lake.stores(lake.store(), broken);
    Table table = lake.catalog().loadTable(A);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      broken.hook(
          call -> {
            if (call.kind().equals("COPY")) {
              throw new StoreException(StoreException.Kind.UNAVAILABLE, call.location(), "away");
            }
          });
      lake.append(table, "last");
      replicator.demand("main");
      TestingLake.await(() -> now(a).failure().isPresent());
      lake.catalog().dropTable(A, false);
      replicator.demand("main");
      TestingLake.await(() -> now(a).lifecycle() == ReplicaLifecycle.SOURCE_DROPPED);
      broken.hook(call -> {});
      TestingLake.await(() -> now(a).position() > a.position());
    }
    assertThat(lake.published(A).snapshots()).hasSize(2);
    ReplicaChecks.assertWhole(lake, lake.published(A));
  }

  @Test
  void dropWithPurge_replicaStaysWholeAndReadable() {
    Replica a = replicated(A);
    FaultyReader reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    lake.reader(reader);
    lake.catalog().dropTable(A, true);
    awaitLifecycle(a, ReplicaLifecycle.SOURCE_DROPPED);
    ReplicaChecks.assertWhole(lake, lake.published(A));
    int loads = reader.loads();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> pointer(a).lifecycle() == ReplicaLifecycle.SOURCE_DROPPED);
    }
    assertThat(reader.loads()).as("a dropped table is not looked at again").isEqualTo(loads);
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
              .withLocation("file:" + folder.resolve("lake/odd" + odd.indexOf(name)))
              .create(),
          "a");
    }
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      odd.forEach(
          name ->
              TestingLake.await(
                  () ->
                      lake.replicas()
                          .byName("eu", name)
                          .filter(replica -> replica.generation() > 0)
                          .filter(r -> r.pointerGeneration() == r.generation())
                          .isPresent()));
    }
    odd.forEach(name -> ReplicaChecks.assertWhole(lake, lake.published(name)));
    assertThat(new PointerObjects(lake.store()).newest(lake.root()))
        .extracting(
            pointer ->
                TableIdentifier.of(
                    Namespace.of(pointer.namespace().toArray(String[]::new)), pointer.name()))
        .containsExactlyInAnyOrderElementsOf(odd);
    assertThat(Set.copyOf(lake.strings("select folder from replica"))).hasSize(odd.size());
  }
}
