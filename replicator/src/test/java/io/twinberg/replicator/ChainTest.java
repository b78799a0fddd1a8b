package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.Append;
import io.twinberg.log.IntentKind;
import io.twinberg.log.KeptJson;
import io.twinberg.log.NewVersion;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.VersionLog;
import io.twinberg.log.VersionOrigin;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.source.LoadResult;
import io.twinberg.source.MetadataJson;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreException.Kind;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log follows the source's chain, whatever arrives, and in whatever order. */
class ChainTest {
  private static final String LOCATIONS =
      "select metadata_location from table_version order by position";

  @TempDir Path folder;
  private TestingLake lake;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private void catchUp(Table table) {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
    }
  }

  private static String append(TestingLake lake, Table table, String name) {
    lake.append(table, name);
    return TestingLake.current(table).metadataFileLocation();
  }

  @Test
  void answers_inOppositeOrderOfCommits_logHasChainOrder() {
    Table table = lake.create("2");
    final String first = append(lake, table, "a");
    catchUp(table);
    String second = append(lake, table, "b");
    String third = append(lake, table, "c");
    Intents intents = new Intents(lake);
    intents.answered(TestingLake.EVENTS, third);
    intents.answered(TestingLake.EVENTS, second);
    catchUp(table);
    assertThat(lake.strings(LOCATIONS)).containsExactly(first, second, third);
    assertThat(lake.strings("select origin from table_version order by position"))
        .containsExactly("DISCOVERED", "PROXY", "PROXY");
    assertThat(lake.strings("select distinct state from intent")).containsExactly("LOGGED");
  }

  @Test
  void answer_replayed_isLoggedOnce() {
    Table table = lake.create("2");
    String first = append(lake, table, "a");
    catchUp(table);
    String second = append(lake, table, "b");
    Intents intents = new Intents(lake);
    intents.answered(TestingLake.EVENTS, second);
    intents.answered(TestingLake.EVENTS, second);
    catchUp(table);
    long replayed = intents.answered(TestingLake.EVENTS, second);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.settled("main");
      intents.awaitState(replayed, "LOGGED");
    }
    assertThat(lake.strings(LOCATIONS)).containsExactly(first, second);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bypass_moreCommitsThanTheMetadataLogHolds_chainIsWalkedOrGapRecorded(boolean deleted) {
    Table table =
        lake.create(
            TestingLake.EVENTS,
            "2",
            Map.of(
                "write.metadata.previous-versions-max",
                "3",
                "write.metadata.delete-after-commit.enabled",
                String.valueOf(deleted)));
    lake.append(table, "a");
    catchUp(table);
    for (int i = 0; i < 9; i++) {
      lake.append(table, "f" + i);
    }
    catchUp(table);
    assertThat(lake.count("select count(*) from gap")).isEqualTo(deleted ? 1 : 0);
    assertThat(lake.strings(LOCATIONS))
        .hasSize(deleted ? 1 + 3 + 1 : 1 + 9)
        .as("the names of metadata files begin with their number")
        .isSorted();
  }

  /** Stores that are spread over places say so of what one place does not have yet. */
  @ParameterizedTest
  @ValueSource(ints = {100, 3})
  void bypass_fileBetweenIsSaidToBeGoneAndIsThere_isReadAtAnotherLook(int namesInLog) {
    Table table =
        lake.create(
            TestingLake.EVENTS,
            "2",
            Map.of("write.metadata.previous-versions-max", String.valueOf(namesInLog)));
    lake.append(table, "a");
    catchUp(table);
    String between = append(lake, table, "b");
    for (int i = 0; i < 5; i++) {
      lake.append(table, "f" + i);
    }
    AtomicInteger denied = new AtomicInteger();
    HookedStore store = new HookedStore(lake.store());
    store.hook(
        call -> {
          if (call.kind().equals("GET")
              && call.location().endsWith(".metadata.json")
              && denied.getAndIncrement() < 2) {
            throw new StoreException(Kind.MISSING, call.location(), "not there yet");
          }
        });
    lake.stores(store, lake.store());
    catchUp(table);
    assertThat(denied).hasValueGreaterThan(2);
    assertThat(lake.count("select count(*) from gap")).isZero();
    assertThat(lake.strings(LOCATIONS)).hasSize(1 + 1 + 5).contains(between);
  }

  @Test
  void bypass_fileBetweenIsGone_gapIsRecorded() {
    Table table = lake.create("2");
    lake.append(table, "a");
    catchUp(table);
    String lost = append(lake, table, "b");
    lake.append(table, "c");
    lake.io().deleteFile(lost);
    catchUp(table);
    assertThat(lake.strings("select reason from gap")).singleElement().asString().contains(lost);
  }

  @Test
  void unknownIntent_landed_isLogged() {
    Table table = lake.create("2");
    lake.append(table, "a");
    catchUp(table);
    lake.append(table, "b");
    Intents intents = new Intents(lake);
    long id = intents.unknown(TestingLake.EVENTS, table.currentSnapshot().snapshotId());
    catchUp(table);
    intents.awaitState(id, "LOGGED");
  }

  @Test
  void unknownIntent_landedAndExpiredBeforeTheFirstLook_isLogged() {
    Table table = lake.create("2");
    lake.append(table, "a");
    catchUp(table);
    lake.append(table, "b");
    long landed = table.currentSnapshot().snapshotId();
    lake.append(table, "c");
    table
        .expireSnapshots()
        .expireSnapshotId(landed)
        .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
        .commit();
    Intents intents = new Intents(lake);
    long id = intents.unknown(TestingLake.EVENTS, landed);
    catchUp(table);
    intents.awaitState(id, "LOGGED");
  }

  @Test
  void unknownIntent_neverLanded_isAbandonedAfterTheSettlingTime() {
    SteppedClock clock = new SteppedClock(Instant.now());
    lake.clock(clock);
    Table table = lake.create("2");
    lake.append(table, "a");
    Intents intents = new Intents(lake, clock);
    long id = intents.unknown(TestingLake.EVENTS, 42);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      TestingLake.await(() -> lake.count("select checks from intent") > 0);
      assertThat(lake.strings("select state from intent")).containsExactly("UNKNOWN");
      clock.step(Duration.ofMinutes(16));
      replicator.settled("main");
      intents.awaitState(id, "ABANDONED");
    }
  }

  /** No outcome is made up. */
  @Test
  void unknownIntent_sourceDoesNotAnswerForLong_isLoggedOnceItDoes() {
    SteppedClock clock = new SteppedClock(Instant.now());
    FaultyReader reader = denied(clock);
    Intents intents = new Intents(lake, clock);
    long id = intents.unknown(TestingLake.EVENTS, landed());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> checks() > 0);
      long before = checks();
      clock.step(Duration.ofMinutes(16));
      replicator.settled("main");
      TestingLake.await(() -> checks() > before);
      assertThat(lake.strings("select state from intent")).containsExactly("UNKNOWN");

      reader.heal();
      clock.step(Duration.ofMinutes(2));
      replicator.settled("main");
      intents.awaitState(id, "LOGGED");
    }
  }

  @Test
  void unknownIntent_sourceDoesNotAnswerForADay_isGivenUpAndSaysWhy() {
    SteppedClock clock = new SteppedClock(Instant.now());
    denied(clock);
    Intents intents = new Intents(lake, clock);
    long id = intents.unknown(TestingLake.EVENTS, landed());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> checks() > 0);
      clock.step(Duration.ofHours(25));
      replicator.settled("main");
      intents.awaitState(id, "ABANDONED");
    }
    assertThat(lake.strings("select reason from intent"))
        .containsExactly("the source has not answered within PT24H");
  }

  /** A source that has a commit more than the log and does not show the table any more. */
  private FaultyReader denied(SteppedClock clock) {
    FaultyReader reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    lake.clock(clock);
    lake.reader(reader);
    Table table = lake.create("2");
    lake.append(table, "a");
    catchUp(table);
    lake.append(table, "b");
    reader.answerLoads(name -> Optional.of(new LoadResult.Denied(403, "not for you")));
    return reader;
  }

  private long checks() {
    return lake.count("select checks from intent");
  }

  private long landed() {
    return lake.catalog().loadTable(TestingLake.EVENTS).currentSnapshot().snapshotId();
  }

  @Test
  void transaction_onTwoTables_isLoggedAsOneGroup() {
    Table table = lake.create("2");
    var other = org.apache.iceberg.catalog.TableIdentifier.of("sales", "other");
    Table second = lake.create(other, "2", Map.of());
    lake.append(table, "a");
    lake.append(second, "b");
    new Intents(lake).transaction(List.of(TestingLake.EVENTS, other));
    catchUp(table);
    assertThat(lake.count("select members from version_group")).isEqualTo(2);
    assertThat(lake.count("select count(distinct table_id) from table_version where group_id = 1"))
        .isEqualTo(2);
  }

  @Test
  void catalog_putBackToEarlierVersion_replicaIsArchivedAndAnotherBegun() {
    Table table = lake.create("2");
    String earlier = append(lake, table, "a");
    lake.append(table, "b");
    catchUp(table);
    var archived = lake.replica();
    lake.pointCatalogTo(earlier);
    catchUp(table);
    assertArchived(archived.id());
    catchUp(table);
    assertThat(timesWentBack()).as("counted once").isEqualTo(1);
  }

  @Test
  void catalog_putBackAndOvertaken_replicaIsArchivedAndNeverMerged() {
    Table table = lake.create("2");
    String earlier = append(lake, table, "a");
    catchUp(table);
    lake.append(table, "b");
    catchUp(table);
    var archived = lake.replica();
    lake.pointCatalogTo(earlier);
    Table other = lake.catalog().loadTable(TestingLake.EVENTS);
    lake.append(other, "c");
    lake.append(other, "d");
    catchUp(other);
    assertArchived(archived.id());
    assertThat(timesWentBack()).isEqualTo(1);
    assertThat(lake.published().snapshots()).hasSize(3);
  }

  @Test
  void catalog_putBackToBeforeTheFirstLoggedVersion_replicaIsArchivedAndNeverMerged() {
    Table table = lake.create("2");
    String earlier = append(lake, table, "a");
    lake.append(table, "b");
    catchUp(table);
    assertThat(lake.strings(LOCATIONS)).hasSize(1);
    var archived = lake.replica();
    lake.pointCatalogTo(earlier);
    Table other = lake.catalog().loadTable(TestingLake.EVENTS);
    lake.append(other, "c");
    lake.append(other, "d");
    catchUp(other);
    assertArchived(archived.id());
    assertThat(timesWentBack()).isEqualTo(1);
    assertThat(lake.published().snapshots()).hasSize(3);
  }

  private long timesWentBack() {
    return lake.count("select went_back from source where name = 'main'");
  }

  private void assertArchived(String id) {
    assertThat(lake.replica().id()).isNotEqualTo(id);
    var archived = lake.replicas().find(id).orElseThrow();
    assertThat(archived.lifecycle()).hasToString("ARCHIVED");
    assertThat(archived.name().name()).endsWith("__archived_" + id);
    ReplicaChecks.assertWhole(lake, lake.published(archived.name()));
  }

  @Test
  void lateAnswer_tableDroppedMeanwhile_doesNotBringItBack() {
    Table table = lake.create("2");
    lake.append(table, "a");
    catchUp(table);
    String late = append(lake, table, "b");
    lake.catalog().dropTable(TestingLake.EVENTS, false);
    Intents intents = new Intents(lake);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(
          () -> lake.count("select count(*) from source_table where lifecycle = 'DROPPED'") == 1);
      long id = intents.answered(TestingLake.EVENTS, late);
      replicator.settled("main");
      intents.awaitState(id, "LOGGED");
    }
    assertThat(lake.count("select count(*) from source_table where lifecycle = 'ACTIVE'")).isZero();
    assertThat(lake.strings("select kind from intent"))
        .containsExactly(IntentKind.UPDATE_TABLE.name());
  }

  /** As with Nessie, whose metadata files know nothing of those before them. */
  @Test
  void answer_linkInPlaceOfTheFileThatALoadNamed_isTheSameVersion() {
    Table table = lake.create("2");
    FaultyReader reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    lake.reader(reader);
    reader.answerLoads(name -> Optional.of(withoutLog(table)));
    append(lake, table, "a");
    catchUp(table);
    Intents intents = new Intents(lake);
    long intent =
        intents.answeredWithLink(
            TestingLake.EVENTS, "http://catalog/trees/main@1/events", withoutLog(table).metadata());

    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      intents.awaitState(intent, "LOGGED");
    }
    catchUp(table);
    append(lake, table, "b");
    catchUp(table);

    assertThat(lake.strings(LOCATIONS))
        .hasSize(2)
        .noneMatch(location -> location.startsWith("http"));
    assertThat(lake.count("select count(*) from source_table")).as("incarnations").isEqualTo(1);
  }

  private LoadResult.Loaded withoutLog(Table table) {
    table.refresh();
    String location = TestingLake.current(table).metadataFileLocation();
    ObjectNode tree = MetadataJson.parse(new Intents(lake).bytes(location));
    tree.putArray("metadata-log");
    return new LoadResult.Loaded(
        location, tree.get("table-uuid").asText(), MetadataJson.write(tree), Optional.empty());
  }

  @Test
  void load_headMovesMeanwhileAndTheMetadataLogIsShort_isNoStepBack() {
    Table table =
        lake.create(
            TestingLake.EVENTS, "2", Map.of(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "1"));
    append(lake, table, "a");
    catchUp(table);
    String second = append(lake, table, "b");
    append(lake, table, "c");
    AtomicBoolean moved = new AtomicBoolean();
    lake.targets(
        (source, name) -> {
          // Between the look at the table's row and the look at its versions.
          if (calledBy("compare") && calledBy("ensure") && !moved.getAndSet(true)) {
            log(second);
          }
          return List.of(new Target("eu", lake.root(), name));
        });

    catchUp(table);

    assertThat(moved).isTrue();
    assertThat(lake.count("select count(*) from source_table")).as("incarnations").isEqualTo(1);
  }

  private static boolean calledBy(String method) {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals(method)));
  }

  /** What another process does that was asked earlier. */
  private void log(String metadataLocation) {
    SourceTables tables = new SourceTables(lake.database(), Clock.systemUTC());
    SourceTable table = tables.active("main", "", TestingLake.EVENTS).orElseThrow();
    byte[] metadata = new Intents(lake).bytes(metadataLocation);
    MetadataFacts facts = MetadataFacts.of(metadata);
    NewVersion version =
        new NewVersion(
            metadataLocation,
            VersionOrigin.BYPASS,
            OptionalLong.empty(),
            facts.lastSequenceNumber(),
            facts.lastUpdatedAt(),
            facts.currentSnapshotId(),
            Optional.of(KeptJson.of(metadata)));
    new VersionLog(lake.database(), Clock.systemUTC())
        .append(new Append(table, table.headPosition(), List.of(version), Optional.empty()));
  }
}
