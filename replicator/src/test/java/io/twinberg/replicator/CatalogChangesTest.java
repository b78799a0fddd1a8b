package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.pointer.PointerObjects;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.source.LoadResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Names and lifecycles of replicas follow the source's catalog. */
class CatalogChangesTest {
  private static final TableIdentifier MOVED = TableIdentifier.of("sales", "moved");

  @TempDir Path folder;
  private TestingLake lake;
  private FaultyReader reader;
  private Table table;
  private Replica replica;

  @BeforeEach
  void replicateOneTable() {
    lake = new TestingLake(folder);
    reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    lake.reader(reader);
    table = lake.create("2");
    lake.append(table, "a");
    catchUp(table);
    replica = lake.replica();
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private void catchUp(Table current) {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertEqual(lake, current, lake.sync(replicator, current));
    }
  }

  private void awaitLifecycle(String lifecycle) {
    TestingLake.await(() -> now().lifecycle().name().equals(lifecycle));
  }

  private Replica now() {
    return lake.replicas().find(replica.id()).orElseThrow();
  }

  @Test
  void rename_committedThroughTheProxy_replicaNameFollowsAndFolderStays() {
    lake.catalog().renameTable(TestingLake.EVENTS, MOVED);
    Intents intents = new Intents(lake);
    long id = intents.renamed(TestingLake.EVENTS, MOVED);
    Table moved = lake.catalog().loadTable(MOVED);
    lake.append(moved, "b");
    catchUp(moved);
    intents.awaitState(id, "LOGGED");
    assertMoved();
  }

  @Test
  void rename_bypassingTheProxy_isKnownByItsUuid() {
    lake.catalog().renameTable(TestingLake.EVENTS, MOVED);
    catchUp(lake.catalog().loadTable(MOVED));
    assertMoved();
  }

  @Test
  void rename_twiceBeforeAnyLook_replicaHasTheLastName() {
    TableIdentifier between = TableIdentifier.of("sales", "between");
    lake.catalog().renameTable(TestingLake.EVENTS, between);
    lake.catalog().renameTable(between, MOVED);
    Intents intents = new Intents(lake);
    long first = intents.renamed(TestingLake.EVENTS, between);
    long second = intents.renamed(between, MOVED);
    catchUp(lake.catalog().loadTable(MOVED));
    intents.awaitState(first, "LOGGED");
    intents.awaitState(second, "LOGGED");
    assertMoved();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void rename_oldNameDoesNotAnswer_replicaWaitsAndThenFollows(LoadResult.Failure failure) {
    lake.catalog().renameTable(TestingLake.EVENTS, MOVED);
    reader.answerLoads(
        name -> name.equals(TestingLake.EVENTS) ? Optional.of(failure) : Optional.empty());
    reader.failListings(failure);
    long id = new Intents(lake).renamed(TestingLake.EVENTS, MOVED);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.count("select checks from intent where id = " + id) > 0);
      assertThat(lake.count("select count(*) from source_table")).isEqualTo(1);
      assertThat(now().name()).isEqualTo(TestingLake.EVENTS);
    }
    reader.heal();
    catchUp(lake.catalog().loadTable(MOVED));
    assertMoved();
  }

  @Test
  void rename_oldNameTakenWhileItIsLookedAt_replicaFollows() {
    lake.catalog().renameTable(TestingLake.EVENTS, MOVED);
    reader.answerLoads(
        name -> {
          if (!name.equals(TestingLake.EVENTS) || lake.catalog().tableExists(TestingLake.EVENTS)) {
            return Optional.empty();
          }
          lake.append(lake.create("2"), "z");
          return Optional.of(new LoadResult.NotFound("not here yet"));
        });
    catchUp(lake.catalog().loadTable(MOVED));
    assertThat(now().name()).isEqualTo(MOVED);
    assertThat(now().folder()).isEqualTo(replica.folder());
  }

  private void assertMoved() {
    assertThat(now().name()).isEqualTo(MOVED);
    assertThat(now().folder()).isEqualTo(replica.folder());
    assertThat(lake.count("select count(*) from replica")).isEqualTo(1);
    assertThat(new PointerObjects(lake.store()).newest(lake.root()))
        .singleElement()
        .extracting(pointer -> pointer.name())
        .isEqualTo("moved");
  }

  @Test
  void drop_listedNoMore_replicaIsSourceDroppedAndReadable() {
    lake.catalog().dropTable(TestingLake.EVENTS, false);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      awaitLifecycle("SOURCE_DROPPED");
    }
    ReplicaChecks.assertWhole(lake, lake.published());
  }

  static Stream<LoadResult.Failure> failures() {
    return Stream.of(
        new LoadResult.NotFound("not here"),
        new LoadResult.Denied(403, "not for you"),
        new LoadResult.Unavailable(Optional.of(500), "broken", Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void load_failsWhileTableIsListed_isNoDrop(LoadResult.Failure failure) {
    reader.answerLoads(name -> Optional.of(failure));
    assertNotDropped();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void load_notFoundAndListingFails_isNoDrop(LoadResult.Failure failure) {
    reader.answerLoads(name -> Optional.of(new LoadResult.NotFound("not here")));
    reader.failListings(failure);
    assertNotDropped();
  }

  private void assertNotDropped() {
    int before = reader.loads();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      // The second look begins after all that followed from the first.
      TestingLake.await(() -> reader.loads() >= before + 1);
      int first = reader.loads();
      replicator.demand("main");
      TestingLake.await(() -> reader.loads() > first);
    }
    assertThat(now().lifecycle()).hasToString("ACTIVE");
    assertThat(lake.strings("select lifecycle from source_table")).containsExactly("ACTIVE");
  }

  @Test
  void dropAndCreate_unseenInBetween_oldReplicaIsArchived() {
    lake.catalog().dropTable(TestingLake.EVENTS, false);
    assertOldArchivedWhenCreatedAgain();
  }

  @Test
  void dropAndCreate_dropSeenFirst_oldReplicaMakesWay() {
    drop_listedNoMore_replicaIsSourceDroppedAndReadable();
    assertOldArchivedWhenCreatedAgain();
  }

  private void assertOldArchivedWhenCreatedAgain() {
    Table again = lake.create("2");
    lake.append(again, "b");
    catchUp(again);
    assertThat(lake.replica().id()).isNotEqualTo(replica.id());
    assertThat(now().lifecycle()).hasToString("ARCHIVED");
    assertThat(now().metadataLocation()).isEqualTo(replica.metadataLocation());
    ReplicaChecks.assertWhole(lake, lake.published(now().name()));
    TestingLake.await(() -> now().pointerGeneration() == now().generation() || retryPointers());
    assertThat(new PointerObjects(lake.store()).newest(lake.root()))
        .extracting(pointer -> pointer.name())
        .containsExactlyInAnyOrder("events", now().name().name());
  }

  private boolean retryPointers() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> now().pointerGeneration() == now().generation());
    }
    return true;
  }

  @Test
  void dropAndRegister_sameUuid_replicaGoesOn() {
    String metadata = TestingLake.current(table).metadataFileLocation();
    drop_listedNoMore_replicaIsSourceDroppedAndReadable();
    Table again = lake.catalog().registerTable(TestingLake.EVENTS, metadata);
    lake.append(again, "b");
    catchUp(again);
    assertThat(lake.replica().id()).isEqualTo(replica.id());
    assertThat(lake.published().snapshots()).hasSize(2);
  }

  @Test
  void secondTable_sameTarget_isRefusedVisibly() {
    lake.targets((source, name) -> List.of(new Target("eu", lake.root(), TestingLake.EVENTS)));
    lake.create(MOVED, "2", Map.of());
    lake.append(table, "b");
    awaitLogged("replica refused");
    assertThat(lake.count("select count(*) from replica")).isEqualTo(1);
    assertThat(lake.replica().id()).isEqualTo(replica.id());
  }

  /** Catches up, and goes on until the reconciler has said something that begins like this. */
  private void awaitLogged(String start) {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger("io.twinberg.replicator.reconcile");
    log.start();
    logger.addAppender(log);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      TestingLake.await(
          () ->
              List.copyOf(log.list).stream()
                  .anyMatch(e -> e.getFormattedMessage().startsWith(start)));
    } finally {
      logger.detachAppender(log);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void demand_whileALookIsUnderWay_isNotForgotten(boolean known) {
    lake.sweepInterval(Duration.ofHours(1));
    TableIdentifier name = known ? TestingLake.EVENTS : TableIdentifier.of("sales", "new");
    Table looked = known ? table : lake.create(name, "2", Map.of());
    CompletableFuture<Replicator> running = new CompletableFuture<>();
    CompletableFuture<Void> demanded = new CompletableFuture<>();
    AtomicBoolean first = new AtomicBoolean(true);
    reader.answerLoads(
        asked -> {
          if (!asked.equals(name) || !first.compareAndSet(true, false)) {
            return Optional.empty();
          }
          LoadResult before = CatalogSourceReader.of(lake.catalog()).load(name);
          lake.append(looked, "b");
          running.join().demand("main");
          demanded.complete(null);
          return Optional.of(before);
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      running.complete(replicator);
      replicator.demand("main");
      demanded.join();
      ReplicaChecks.assertEqual(lake, looked, lake.awaitCurrent(looked));
    }
  }

  @Test
  void listedTable_thatMayNotBeLoaded_isNamedWithTheReason() {
    TableIdentifier hidden = TableIdentifier.of("sales", "hidden");
    lake.create(hidden, "2", Map.of());
    reader.answerLoads(
        name ->
            name.equals(hidden)
                ? Optional.of(new LoadResult.Denied(403, "not for you"))
                : Optional.empty());
    lake.append(table, "b");

    awaitLogged("table not met source=main table=sales.hidden: not for you");

    assertThat(lake.replicas().byName("eu", hidden)).isEmpty();
  }

  @Test
  void brokenTable_metadataUnreadable_otherTablesAreStillChecked() {
    TableIdentifier broken = TableIdentifier.of("sales", "broken");
    lake.create(broken, "2", Map.of());
    byte[] garbage = "{\"table-uuid\": 3".getBytes(StandardCharsets.UTF_8);
    reader.answerLoads(
        name ->
            name.equals(broken)
                ? Optional.of(new LoadResult.Loaded("file:/x", "u", garbage, Optional.empty()))
                : Optional.empty());
    lake.append(table, "b");
    catchUp(table);
    assertThat(lake.replicas().byName("eu", broken)).isEmpty();
  }
}
