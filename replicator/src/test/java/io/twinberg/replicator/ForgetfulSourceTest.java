package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.IntentKind;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.source.LoadResult;
import io.twinberg.source.MetadataJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A source whose metadata shows the newest snapshot and names no earlier file, as Nessie's does:
 * what the proxy saw is the chain, and a version that is passed over is lost.
 */
class ForgetfulSourceTest {
  @TempDir Path folder;
  private final AtomicReference<Runnable> beforeALoad = new AtomicReference<>();
  private final AtomicInteger loads = new AtomicInteger();
  private TestingLake lake;
  private Table table;
  private Intents intents;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    FaultyReader reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    lake.reader(reader);
    table = lake.create("2");
    reader.answerLoads(
        name -> {
          Optional.ofNullable(beforeALoad.getAndSet(null)).ifPresent(Runnable::run);
          loads.incrementAndGet();
          return Optional.of(shown());
        });
    lake.append(table, "a");
    intents = new Intents(lake);
    intents.heartbeat();
  }

  /** The log has the table's first version. */
  private void meet() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
    }
  }

  @AfterEach
  void close() {
    lake.close();
  }

  /** The table as the source shows it now. */
  private LoadResult.Loaded shown() {
    table.refresh();
    String location = TestingLake.current(table).metadataFileLocation();
    ObjectNode tree = MetadataJson.parse(intents().bytes(location));
    long current = tree.get("current-snapshot-id").asLong();
    tree.putArray("metadata-log");
    tree.putArray("snapshot-log");
    ArrayNode snapshots = (ArrayNode) tree.get("snapshots");
    for (int i = snapshots.size() - 1; i >= 0; i--) {
      if (snapshots.get(i).get("snapshot-id").asLong() != current) {
        snapshots.remove(i);
      }
    }
    return new LoadResult.Loaded(
        location, tree.get("table-uuid").asText(), MetadataJson.write(tree), Optional.empty());
  }

  private Intents intents() {
    return intents == null ? new Intents(lake) : intents;
  }

  private long begin() {
    return intents.open(IntentKind.UPDATE_TABLE, List.of(TestingLake.EVENTS), "{}");
  }

  private void answer(long intent, LoadResult.Loaded version) {
    intents.answer(intent, TestingLake.EVENTS, version);
  }

  private LoadResult.Loaded append(String name) {
    lake.append(table, name);
    return shown();
  }

  private List<Long> logged() {
    return lake.strings("select snapshot_id from table_version order by position").stream()
        .map(Long::valueOf)
        .toList();
  }

  private List<Long> committed() {
    table.refresh();
    return StreamSupport.stream(table.snapshots().spliterator(), false)
        .map(Snapshot::snapshotId)
        .toList();
  }

  private void assertAllThere() {
    assertThat(logged()).isEqualTo(committed());
    assertThat(lake.published().snapshots()).hasSize(committed().size());
    assertThat(lake.strings("select reason from gap")).isEmpty();
  }

  private void awaitShown(Replicator replicator) {
    replicator.settled("main");
    TestingLake.await(
        () ->
            lake.published().currentSnapshot() != null
                && lake.published().currentSnapshot().snapshotId()
                    == committed().get(committed().size() - 1));
  }

  private List<String> keepsMetadataLog() {
    return lake.strings("select lower(cast(keeps_metadata_log as varchar)) from source");
  }

  @Test
  void source_whoseVersionsNameNoEarlierFiles_isRememberedAsSuch() {
    meet();
    // Of the first version of a table nobody can tell.
    assertThat(keepsMetadataLog()).containsExactly((String) null);
    append("b");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      awaitShown(replicator);
      TestingLake.await(() -> List.of("false").equals(keepsMetadataLog()));
    }
  }

  @Test
  void sweep_seesACommitBeforeTheOneBeforeItIsExplained_logHasBoth() {
    meet();
    beforeALoad.set(
        () -> {
          answer(begin(), append("b"));
          answer(begin(), append("c"));
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(
          () -> lake.count("select count(*) from intent where state = 'LOGGED'") == 2);
      awaitShown(replicator);
    }
    assertAllThere();
  }

  @Test
  void commit_answeredWhileTheOneBeforeItIsStillUnderWay_waitsForIt() {
    meet();
    AtomicReference<LoadResult.Loaded> second = new AtomicReference<>();
    AtomicReference<Long> underWay = new AtomicReference<>();
    int first = loads.get();
    beforeALoad.set(
        () -> {
          underWay.set(begin());
          second.set(append("b"));
          answer(begin(), append("c"));
          // Whoever has to look sees the newest version, and is not to pass over the others.
          intents.unknown(TestingLake.EVENTS, 1);
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> loads.get() > first);
      int before = loads.get();
      for (int i = 1; i <= 3; i++) {
        int seen = before + i;
        replicator.demand("main");
        TestingLake.await(() -> loads.get() >= seen);
      }
      assertThat(logged()).hasSize(1);

      answer(underWay.get(), second.get());
      awaitShown(replicator);
    }
    assertAllThere();
  }

  /** A transaction's answer shows no version, and a later commit's waits for no earlier one. */
  @Test
  void transaction_passedOverByACommit_bothAreExplainedAndWhatIsMissingIsAGap() {
    meet();
    AtomicReference<Long> transaction = new AtomicReference<>();
    AtomicReference<Long> commit = new AtomicReference<>();
    beforeALoad.set(
        () -> {
          append("b");
          transaction.set(intents.transaction(List.of(TestingLake.EVENTS)));
          long id = begin();
          answer(id, append("c"));
          commit.set(id);
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> commit.get() != null);
      awaitShown(replicator);
      intents.awaitState(transaction.get(), "LOGGED");
      intents.awaitState(commit.get(), "LOGGED");
    }
    assertThat(logged()).containsExactly(committed().get(0), committed().get(2));
    assertThat(lake.strings("select reason from gap")).hasSize(1);
  }

  @Test
  void commits_thatBypassTheProxyBetweenTwoLooks_areAGap() {
    meet();
    append("b");
    append("c");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      awaitShown(replicator);
    }
    assertThat(lake.strings("select reason from gap"))
        .singleElement()
        .asString()
        .contains("keeps no log");
    assertThat(lake.published().snapshots()).hasSize(2);
  }

  /** Those who ask first may be answered last. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answers_ofATableThatTheLogDoesNotKnow_areAllThere(boolean inOrder) {
    long one = begin();
    long two = begin();
    answer(inOrder ? one : two, shown());
    answer(inOrder ? two : one, append("b"));
    answer(begin(), append("c"));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      replicator.settled("main");
    }
    assertAllThere();
  }

  @Test
  void commit_underWayWhenItsTableIsMet_isAwaited() {
    long id = begin();
    LoadResult.Loaded first = shown();
    LoadResult.Loaded second = append("b");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> lake.count("select count(*) from source_table") == 1);
      replicator.settled("main");
      assertThat(logged()).isEmpty();

      answer(id, first);
      answer(begin(), second);
      lake.awaitCurrent(table);
      replicator.settled("main");
    }
    assertAllThere();
  }

  /** Its answer shows no version, and nobody can read what is no file's any more. */
  @Test
  void transaction_passedOverBeforeItsTableIsMet_isAGap() {
    long id = intents.transaction(TestingLake.EVENTS, table);
    final long lost = table.currentSnapshot().snapshotId();
    answer(begin(), append("b"));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      intents.awaitState(id, "LOGGED");
    }
    assertThat(lake.strings("select reason from gap"))
        .singleElement()
        .asString()
        .contains(String.valueOf(lost));
  }

  @Test
  void transaction_thatIsShownWhenItsTableIsMet_isNoGap() {
    answer(begin(), shown());
    append("b");
    intents.transaction(TestingLake.EVENTS, table);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      replicator.settled("main");
    }
    assertAllThere();
  }
}
