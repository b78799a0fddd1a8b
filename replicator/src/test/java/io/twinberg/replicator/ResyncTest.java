package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.config.RefSelection;
import io.twinberg.config.RuleOverrides;
import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.OperationState;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.RowScope;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.storage.StoredObject;
import io.twinberg.testing.Crash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replicas that somebody has damaged past Twinberg, and their repair. */
class ResyncTest {
  private static final ReplicaTarget EU =
      new ReplicaTarget(Optional.empty(), Optional.of("eu"), Optional.empty());
  private static final OperationRequest VERIFY = new OperationRequest.Verify(EU, RowScope.NONE);
  private static final OperationRequest RESYNC = new OperationRequest.Resync(EU);

  @TempDir private Path folder;
  private TestingLake lake;
  private OperationLog log;
  private Table table;

  @BeforeEach
  void replicate() {
    lake = new TestingLake(folder);
    log = new OperationLog(lake.database(), Clock.systemUTC());
    table = lake.create("2");
    lake.append(table, "a", "b");
    lake.append(table, "c");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      lake.append(table, "d");
      lake.sync(replicator, table);
    }
  }

  @AfterEach
  void close() {
    lake.close();
  }

  /** A way to damage a replica, and how many files have to be copied for it. */
  private enum Damage {
    DATA_FILE_DELETED(1),
    DATA_FILE_SHORTENED(1),
    MANIFEST_DELETED(0),
    MANIFEST_SHORTENED(0),
    MANIFEST_LIST_DELETED(0),
    METADATA_DELETED(0),
    METADATA_SHORTENED(0),
    EARLIER_METADATA_DELETED(0),
    POINTER_DELETED(0),
    EVERYTHING_DELETED(4);

    private final int copies;

    Damage(int copies) {
      this.copies = copies;
    }

    void to(TestingLake lake) throws IOException {
      TableMetadata shown = lake.published();
      Snapshot first = shown.snapshots().get(0);
      ManifestFile manifest = first.allManifests(lake.io()).get(0);
      String replica = lake.replica().folder();
      switch (this) {
        case DATA_FILE_DELETED -> Files.delete(path(replica + "/data/a.parquet"));
        case DATA_FILE_SHORTENED -> shorten(replica + "/data/c.parquet");
        case MANIFEST_DELETED -> Files.delete(path(manifest.path()));
        case MANIFEST_SHORTENED -> shorten(manifest.path());
        case MANIFEST_LIST_DELETED -> Files.delete(path(first.manifestListLocation()));
        case METADATA_DELETED -> Files.delete(path(shown.metadataFileLocation()));
        case METADATA_SHORTENED -> shorten(shown.metadataFileLocation());
        case EARLIER_METADATA_DELETED -> Files.delete(path(shown.previousFiles().get(0).file()));
        case POINTER_DELETED -> deletePointers(replica);
        case EVERYTHING_DELETED -> deleteAll(replica);
      }
    }

    private static void deletePointers(String replica) throws IOException {
      deleteAll(replica + "/metadata/pointer");
    }

    private static void deleteAll(String location) throws IOException {
      try (var files = Files.walk(path(location))) {
        files.filter(Files::isRegularFile).forEach(Damage::delete);
      }
    }

    private static void delete(Path file) {
      try {
        Files.delete(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void shorten(String location) throws IOException {
      byte[] bytes = Files.readAllBytes(path(location));
      Files.write(path(location), Arrays.copyOf(bytes, bytes.length - 3));
    }

    private static Path path(String location) {
      return Path.of(location.substring("file:".length()));
    }
  }

  private Operation asked(Replicator replicator, OperationRequest request) {
    Operation operation = log.request(request, "ops");
    replicator.operationWaits();
    return finished(operation);
  }

  private Operation finished(Operation operation) {
    TestingLake.await(() -> log.find(operation.id()).orElseThrow().state().finished());
    Operation ended = log.find(operation.id()).orElseThrow();
    assertThat(ended.state()).as("%s", ended.summary()).isEqualTo(OperationState.COMPLETED);
    return ended;
  }

  private static JsonNode result(Operation operation) throws IOException {
    return new ObjectMapper().readTree(operation.result().orElseThrow());
  }

  private boolean pointerIsThere() {
    return lake.store()
        .length(
            "%s/metadata/pointer/%020d.json"
                .formatted(lake.replica().folder(), lake.replica().generation()))
        .isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void damage_resynced_isRepairedAndNothingElseIsCopied(Damage damage) throws IOException {
    long generation = lake.replica().generation();
    damage.to(lake);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      assertThat(
              damage == Damage.POINTER_DELETED
                  || result(asked(replicator, VERIFY)).path("violations").asLong() > 0)
          .as("it is damage")
          .isTrue();

      JsonNode result = result(asked(replicator, RESYNC));

      assertThat(result.path("ok").asBoolean()).as("%s", result).isTrue();
      assertThat(result.path("filesCopied").asInt()).as("%s", result).isEqualTo(damage.copies);
      assertThat(lake.replica().generation()).isEqualTo(generation + 1);
      TestingLake.await(this::pointerIsThere);
      JsonNode verified = result(asked(replicator, VERIFY));
      assertThat(verified.path("ok").asBoolean()).as("%s", verified).isTrue();
      ReplicaChecks.assertEqual(lake, table, lake.published());

      lake.append(table, "e");
      ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"MANIFEST_STAGED", "METADATA_WRITTEN", "FILES_COMPLETE", "PUBLISHED"})
  void process_diesAmidAResync_anotherOneEndsIt(CrashPoint point) throws IOException {
    Damage.DATA_FILE_DELETED.to(lake);
    Damage.MANIFEST_LIST_DELETED.to(lake);
    Operation operation = log.request(RESYNC, "ops");
    Crash crash = new Crash(point);
    try (Replicator dying = lake.replicator(crash)) {
      dying.operationWaits();
      assertThat(crash.awaitReached()).as("%s is reached", point).isTrue();
    }
    lake.reopen();
    log = new OperationLog(lake.database(), Clock.systemUTC());
    try (Replicator other = lake.replicator(CrashPoints.NONE)) {
      assertThat(result(finished(operation)).path("ok").asBoolean()).isTrue();
      assertThat(result(asked(other, VERIFY)).path("ok").asBoolean()).isTrue();
    }
    ReplicaChecks.assertEqual(lake, table, lake.published());
    assertThat(lake.count("select count(*) from replica_resync")).isZero();
  }

  @Test
  void paused_isNotTouchedAndSaysSo() throws IOException {
    long generation = lake.replica().generation();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      asked(replicator, new OperationRequest.Pause(EU));

      JsonNode result = result(asked(replicator, RESYNC));

      assertThat(result.path("ok").asBoolean()).isFalse();
      assertThat(result.path("unfinished").path(0).path("reason").asText())
          .isEqualTo("it is paused: resume it first");
      assertThat(lake.replica().generation()).isEqualTo(generation);
    }
  }

  /** What the source has no more stays as it was. */
  @Test
  void snapshotThatOnlyTheReplicaHas_resynced_isKept() throws IOException {
    long expired = table.history().get(0).snapshotId();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      table.expireSnapshots().expireSnapshotId(expired).commit();
      lake.sync(replicator, table);

      JsonNode result = result(asked(replicator, RESYNC));

      assertThat(result.path("reports").path(0).path("snapshotsNotChecked").asInt()).isEqualTo(1);
      assertThat(lake.published().snapshot(expired)).isNotNull();
      assertThat(result(asked(replicator, VERIFY)).path("ok").asBoolean()).isTrue();
    }
  }

  /** The rule's refs hold for what is to come: what the replica has from before stays. */
  @Test
  void snapshotThatTheRuleNoLongerReaches_resynced_isKept() throws IOException {
    table.manageSnapshots().createBranch("audit").commit();
    table.newAppend().appendFile(TestingLake.dataFile(table, "x")).toBranch("audit").commit();
    long audited = table.refs().get("audit").snapshotId();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
    }
    lake.targets((source, name) -> List.of(mainAlone(name)));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(
          () -> lake.replica().settings().equals(mainAlone(TestingLake.EVENTS).settings()));
      lake.append(table, "e");
      assertThat(lake.sync(replicator, table).refs()).containsOnlyKeys("main");
      assertThat(lake.published().snapshot(audited)).as("before").isNotNull();

      JsonNode result = result(asked(replicator, RESYNC));

      assertThat(result.path("ok").asBoolean()).as("%s", result).isTrue();
      assertThat(lake.published().refs()).containsOnlyKeys("main");
      assertThat(lake.published().snapshot(audited)).isNotNull();
      ReplicaChecks.assertWhole(lake, lake.published());
      assertThat(result(asked(replicator, VERIFY)).path("ok").asBoolean()).isTrue();
    }
  }

  private Target mainAlone(TableIdentifier name) {
    RefSelection main = new RefSelection.Named(List.of(), List.of());
    return new Target(
        "eu",
        lake.root(),
        false,
        new ReplicaSettings(Optional.empty(), main, RuleOverrides.USUAL_PRIORITY),
        name);
  }

  /** What was published must not be written over by what comes next. */
  @Test
  void resync_publishedButNotAcknowledged_publishedMetadataStaysAsItIs() throws IOException {
    AtomicReference<Replica> unheard = new AtomicReference<>();
    AtomicReference<Replicator> running = new AtomicReference<>();
    CrashPoints losesTheAnswer =
        point -> {
          if (point == CrashPoint.PUBLISHED && unheard.compareAndSet(null, lake.replica())) {
            commitAndAwaitTheLog(running.get());
            throw new IllegalStateException("the answer to the commit is lost");
          }
        };
    try (Replicator replicator = lake.replicator(losesTheAnswer)) {
      running.set(replicator);
      JsonNode result = result(asked(replicator, RESYNC));

      assertThat(result.path("unfinished").findValuesAsText("reason"))
          .containsExactly("the answer to the commit is lost");
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
    String location = unheard.get().metadataLocation().orElseThrow();
    assertThat(TableMetadataParser.read(lake.io(), location).snapshots()).hasSize(3);
    assertThat(lake.replica().generation()).isEqualTo(unheard.get().generation() + 1);
  }

  private void commitAndAwaitTheLog(Replicator replicator) {
    long logged = lake.count("select count(*) from table_version");
    lake.append(table, "e");
    replicator.demand("main");
    TestingLake.await(() -> lake.count("select count(*) from table_version") > logged);
  }

  @Test
  void positionDeletes_lost_areWrittenAgain() throws IOException {
    TableIdentifier name = TableIdentifier.of("sales", "deletes");
    Table other = lake.create(name, "2", Map.of());
    MergeOnRead rows = new MergeOnRead(other);
    DataFile file = rows.append("x", 1, 10);
    other
        .newRowDelta()
        .addDeletes(
            rows.positions(FileFormat.PARQUET, "gone", false, new MergeOnRead.Deleted(file, 2)))
        .commit();
    ReplicaTarget target = new ReplicaTarget(Optional.empty(), Optional.empty(), Optional.of(name));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, other);
      List<String> lost =
          lake.store().list(lake.replica(name).folder()).stream()
              .map(StoredObject::location)
              .filter(location -> location.contains("/gone-"))
              .toList();
      assertThat(lost).hasSize(1);
      lake.store().delete(lost.get(0));

      JsonNode result = result(asked(replicator, new OperationRequest.Resync(target)));

      assertThat(result.path("filesCopied").asInt()).as("%s", result).isZero();
      JsonNode verified =
          result(asked(replicator, new OperationRequest.Verify(target, RowScope.ALL)));
      assertThat(verified.path("ok").asBoolean()).as("%s", verified).isTrue();
    }
  }
}
