package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits to a table that were made before the log knew it, and what its log begins with. */
class FirstVersionTest {
  private static final String LOCATIONS =
      "select metadata_location from table_version order by position";
  private static final String ORIGINS = "select origin from table_version order by position";

  @TempDir Path folder;
  private TestingLake lake;
  private Table table;
  private Intents intents;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    table = lake.create("2");
    intents = new Intents(lake);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private void catchUp() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
      replicator.settled("main");
    }
    assertThat(lake.strings("select distinct state from intent")).containsExactly("LOGGED");
    assertThat(lake.count("select count(*) from gap")).isZero();
  }

  private String append(String file) {
    lake.append(table, file);
    return current();
  }

  private String current() {
    return TestingLake.current(table).metadataFileLocation();
  }

  private long snapshot() {
    return table.currentSnapshot().snapshotId();
  }

  /** Takes a snapshot out of what the source shows; its files stay. */
  private String expire(long snapshotId) {
    table
        .expireSnapshots()
        .expireSnapshotId(snapshotId)
        .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
        .commit();
    return current();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answers_ofATableThatTheLogDoesNotKnow_areVersionsOfTheirOwn(boolean expired) {
    String first = append("a");
    long snapshot = snapshot();
    String second = append("b");
    String third = expired ? expire(snapshot) : append("c");
    intents.answered(TestingLake.EVENTS, third);
    intents.answered(TestingLake.EVENTS, first);
    intents.answered(TestingLake.EVENTS, second);
    catchUp();
    assertThat(lake.strings(LOCATIONS)).containsExactly(first, second, third);
    assertThat(lake.strings(ORIGINS)).containsOnly("PROXY");
  }

  @Test
  void answer_andCommitsPastTheProxyAfterIt_areLoggedInTheirOrder() {
    String first = append("a");
    long snapshot = snapshot();
    String second = append("b");
    String third = expire(snapshot);
    intents.answered(TestingLake.EVENTS, first);
    catchUp();
    assertThat(lake.strings(LOCATIONS)).containsExactly(first, second, third);
    assertThat(lake.strings(ORIGINS)).containsExactly("PROXY", "BYPASS", "BYPASS");
  }

  /** The source names one earlier metadata file at a time, and each commit takes its place. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answer_thatTheSourceDoesNotNameAnyMore_isTheFirstVersion(boolean expired) {
    table.updateProperties().set(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "1").commit();
    String first = append("a");
    long snapshot = snapshot();
    String second = append("b");
    String third = append("c");
    String fourth = expired ? expire(snapshot) : append("d");
    intents.answered(TestingLake.EVENTS, first);
    catchUp();
    assertThat(lake.strings(LOCATIONS)).containsExactly(first, second, third, fourth);
    assertThat(lake.strings(ORIGINS)).containsExactly("PROXY", "BYPASS", "BYPASS", "BYPASS");
  }

  /** A commit that is the third of five, with its file, its snapshot and the newest file. */
  private record Passed(String file, long snapshot, String newest) {}

  private Passed passed(boolean expired) {
    append("before");
    String file = append("a");
    long snapshot = snapshot();
    append("b");
    return new Passed(file, snapshot, expired ? expire(snapshot) : append("c"));
  }

  /** The log begins with the commit and has what follows. */
  private void assertBegins(Passed passed) {
    assertThat(lake.strings(LOCATIONS))
        .hasSize(3)
        .startsWith(passed.file())
        .endsWith(passed.newest());
  }

  /** The proxy died before it wrote down what became of the commit. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void unknownCommit_thatAnAnswerFollows_isAVersionOfItsOwn(boolean expired) {
    Passed passed = passed(expired);
    intents.unknown(TestingLake.EVENTS, passed.snapshot());
    intents.answered(TestingLake.EVENTS, passed.newest());
    catchUp();
    assertBegins(passed);
  }

  @Test
  void unknownCommit_thatOnlyALookFinds_isAVersionOfItsOwn() {
    Passed passed = passed(true);
    intents.unknown(TestingLake.EVENTS, passed.snapshot());
    catchUp();
    assertBegins(passed);
  }

  /** Its answer names no version. */
  @Test
  void transaction_thatOtherCommitsFollow_isAVersionOfItsOwn() {
    Passed passed = passed(true);
    intents.transaction(List.of(TestingLake.EVENTS), List.of(passed.snapshot()));
    catchUp();
    assertBegins(passed);
  }

  /** The sweep meets the table while its first commit is still under way. */
  @Test
  void commit_underWayAtTheFirstLook_isAVersionOfItsOwn() {
    intents.heartbeat();
    Passed passed = passed(true);
    long id = intents.adding(TestingLake.EVENTS, passed.snapshot());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
      intents.answer(id, TestingLake.EVENTS, passed.file());
      replicator.settled("main");
      intents.awaitState(id, "LOGGED");
    }
    assertBegins(passed);
  }

  /** Nothing tells of what was there before, so that the log need not have it. */
  @Test
  void commitsPastTheProxy_beforeTheFirstLook_areTheFirstVersionsHistory() {
    append("a");
    append("b");
    String answered = append("c");
    intents.answered(TestingLake.EVENTS, answered);
    catchUp();
    assertThat(lake.strings(LOCATIONS)).containsExactly(answered);
  }
}
