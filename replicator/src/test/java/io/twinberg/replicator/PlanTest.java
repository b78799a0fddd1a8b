package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.config.NameGlob;
import io.twinberg.config.RefSelection;
import io.twinberg.config.RuleOverrides;
import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.OperationState;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replicator.MergeOnRead.Deleted;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.rule.RuleEdit;
import io.twinberg.rule.RuleScope;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.source.LoadResult;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoredObject;
import io.twinberg.testing.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.GenericStatisticsFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan foretells is what a copy then does, and it does nothing itself. */
class PlanTest {
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");
  private static final TableIdentifier SAME = TableIdentifier.of("sales", "same");
  private static final RuleScope CATALOG = RuleScope.catalog("main");
  private static final RuleEdit.Body RULE = new RuleEdit.Body(true, "{}");

  @TempDir private Path folder;
  private S3Server server;
  private TestingLake lake;
  private HookedStore source;
  private HookedStore destination;
  private FaultyReader reader;
  private OperationLog log;
  private volatile boolean ruled;
  private volatile boolean ruleFits = true;
  private volatile boolean gathered;
  private ReplicaSettings settings = ReplicaSettings.NONE;

  @BeforeEach
  void open() throws IOException {
    server = S3Server.start(Files.createDirectory(folder.resolve("s3")), "key", "secret-secret");
    server.createBucket("lake");
    server.createBucket("replicas");
    lake = TestingLake.onS3(folder, "s3://lake/wh", "s3://replicas/eu", server.properties());
    source = new HookedStore(lake.store());
    destination = new HookedStore(lake.store());
    lake.stores(source, destination);
    reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    lake.reader(reader);
    lake.targets(rules());
    log = new OperationLog(lake.database(), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    lake.close();
    server.close();
  }

  private Targets rules() {
    return new Targets() {
      @Override
      public List<Target> of(String source, TableIdentifier name) {
        return ruled ? List.of(target(name)) : List.of();
      }

      @Override
      public Optional<Targets> ofRule(RuleScope scope, RuleEdit.Body rule) {
        return Optional.<Targets>of(
                (source, name) -> scope.covers(name) ? List.of(target(name)) : List.of())
            .filter(fitting -> ruleFits);
      }
    };
  }

  private Target target(TableIdentifier name) {
    return new Target("eu", lake.root(), false, settings, gathered ? SAME : name);
  }

  private Operation finished(Operation operation) {
    TestingLake.await(() -> log.find(operation.id()).orElseThrow().state().finished());
    return log.find(operation.id()).orElseThrow();
  }

  private Operation asked(Replicator replicator, OperationRequest request) {
    Operation operation = log.request(request, "ops");
    replicator.operationWaits();
    return finished(operation);
  }

  private JsonNode planned(Replicator replicator, RuleScope scope, Optional<RuleEdit.Body> rule) {
    Operation ended = asked(replicator, new OperationRequest.Plan(scope, Optional.empty(), rule));
    assertThat(ended.state()).as("%s", ended.summary()).isEqualTo(OperationState.COMPLETED);
    try {
      return new ObjectMapper().readTree(ended.result().orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode of(JsonNode result, TableIdentifier table) {
    for (JsonNode report : result.path("reports")) {
      if (report.path("table").asText().equals(table.name())) {
        return report;
      }
    }
    throw new AssertionError("no report of " + table + " in " + result);
  }

  private List<StoredObject> objects() {
    List<StoredObject> all = new ArrayList<>(lake.store().list("s3://lake/"));
    all.addAll(lake.store().list("s3://replicas/"));
    return all;
  }

  private ReplicaSettings onlyMain() {
    return new ReplicaSettings(
        Optional.empty(),
        new RefSelection.Named(List.of(new NameGlob(List.of("none"))), List.of()),
        RuleOverrides.USUAL_PRIORITY);
  }

  /** Position and equality deletes, shared and merged manifests, statistics, and a branch. */
  private long history(Table table) {
    MergeOnRead mor = new MergeOnRead(table);
    DataFile a = mor.append("a", 1, 9);
    DeleteFile positions =
        mor.positions(FileFormat.PARQUET, "positions", false, new Deleted(a, 0, 3));
    mor.delete(positions);
    mor.append("b", 10, 19);
    mor.delete(mor.ids("ids", 12));
    mor.append("c", 20, 29);
    table.manageSnapshots().createBranch("dev").commit();
    table.newAppend().appendFile(TestingLake.dataFile(table, "excluded")).toBranch("dev").commit();
    String statistics = table.location() + "/metadata/some.stats";
    lake.store().put(statistics, new byte[77]);
    table
        .updateStatistics()
        .setStatistics(
            new GenericStatisticsFile(
                table.currentSnapshot().snapshotId(), statistics, 77, 7, List.of()))
        .commit();
    return positions.fileSizeInBytes();
  }

  @Test
  void tablesThatNobodyHasDiscovered_planned_isWhatTheirBackfillCopies() {
    settings = onlyMain();
    Table events =
        lake.create(TestingLake.EVENTS, "2", Map.of("commit.manifest.min-count-to-merge", "2"));
    long positionBytes = history(events);
    Table orders = lake.create(ORDERS, "2", Map.of());
    lake.append(orders, "x", "y");
    lake.append(orders, "z");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      List<StoredObject> before = objects();

      JsonNode result = planned(replicator, CATALOG, Optional.of(RULE));

      assertThat(objects()).isEqualTo(before);
      assertThat(destination.calls()).isEmpty();
      assertThat(lake.count("select count(*) from source_table")).isZero();
      assertThat(result.path("ok").asBoolean()).as("%s", result).isTrue();
      assertThat(result.path("tables").asInt()).isEqualTo(2);
      assertThat(result.path("begin").asInt()).isEqualTo(2);
      JsonNode toCopy = result.path("toCopy");
      assertThat(toCopy).isEqualTo(result.path("total"));
      assertThat(toCopy.path("dataFiles").asInt()).isEqualTo(3 + 3);
      assertThat(toCopy.path("deleteFiles").asInt()).isEqualTo(2);
      assertThat(toCopy.path("statisticsFiles").asInt()).isEqualTo(1);
      assertThat(toCopy.path("snapshots").asInt()).isEqualTo(5 + 2);
      assertThat(of(result, ORDERS).path("toCopy").path("files").asInt()).isEqualTo(3);

      ruled = true;
      replicator.demand("main");
      lake.awaitCurrent(events);
      lake.awaitCurrent(orders);
      assertCopied(toCopy, positionBytes);
      assertThat(destination.calls("COPY"))
          .hasSize(toCopy.path("files").asInt() - 1)
          .extracting(HookedStore.Call::location)
          .doesNotHaveDuplicates()
          .noneMatch(location -> location.contains("excluded"));

      JsonNode again = planned(replicator, CATALOG, Optional.empty());
      assertThat(again.path("toCopy").findValues("files").get(0).asInt()).isZero();
      assertThat(again.path("toCopy").path("manifests").asInt()).isZero();
      assertThat(again.path("toCopy").path("bytes").asLong()).isZero();
      assertThat(again.path("total")).isEqualTo(result.path("total"));
      assertThat(again.path("begin").asInt()).isZero();
    }
  }

  /** All that receipts tell of the copies, to the byte; one position delete file is rewritten. */
  private void assertCopied(JsonNode toCopy, long positionBytes) {
    List<String> metadata = lake.strings("select metadata_location from receipt");
    assertThat(lake.count("select sum(files) from receipt"))
        .isEqualTo(
            toCopy.path("files").asLong()
                + toCopy.path("manifests").asLong()
                + toCopy.path("snapshots").asLong()
                + metadata.size());
    long metadataBytes =
        metadata.stream().mapToLong(file -> lake.store().length(file).orElseThrow()).sum();
    assertThat(lake.count("select sum(bytes) from receipt"))
        .isEqualTo(
            toCopy.path("bytes").asLong()
                - positionBytes
                + lake.count("select sum(length) from ledger")
                + metadataBytes);
  }

  @Test
  void newCommitOnAReplica_whoseManifestsWereMergedAndExpired_isAllThatIsLeft() {
    ruled = true;
    Table table =
        lake.create(TestingLake.EVENTS, "2", Map.of("commit.manifest.min-count-to-merge", "2"));
    lake.append(table, "a", "b");
    lake.append(table, "c");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      asked(
          replicator,
          new OperationRequest.Pause(
              new ReplicaTarget(Optional.of("main"), Optional.empty(), Optional.empty())));
      lake.append(table, "d");
      table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();

      JsonNode report = of(planned(replicator, CATALOG, Optional.empty()), TestingLake.EVENTS);

      assertThat(report.path("replicaId").asText()).isEqualTo(lake.replica().id());
      assertThat(report.path("total").path("dataFiles").asInt()).isEqualTo(4);
      assertThat(report.path("toCopy").path("dataFiles").asInt()).isEqualTo(1);
      assertThat(report.path("toCopy").path("snapshots").asInt()).isEqualTo(1);
      assertThat(report.path("toCopy").path("bytes").asInt()).isEqualTo("rows of d".length());
      assertThat(lake.replica().position()).isLessThan(headPosition());
    }
  }

  private long headPosition() {
    TestingLake.await(
        () ->
            lake.count("select max(head_position) from source_table") > lake.replica().position());
    return lake.count("select max(head_position) from source_table");
  }

  @Test
  void tablesThatCannotBeReplicated_areNamedWithTheReasonAndHoldUpNoOther() {
    Table good = lake.create("2");
    lake.append(good, "a");
    lake.create(TableIdentifier.of("sales", "future"), "2", Map.of());
    lake.append(lake.create(TableIdentifier.of("sales", "broken"), "2", Map.of()), "b");
    Table outside = lake.create(TableIdentifier.of("sales", "outside"), "2", Map.of());
    outside
        .newAppend()
        .appendFile(
            DataFiles.builder(outside.spec())
                .withPath("s3://elsewhere/f.parquet")
                .withFormat("parquet")
                .withFileSizeInBytes(1)
                .withRecordCount(1)
                .build())
        .commit();
    lake.create(TableIdentifier.of("sales", "denied"), "2", Map.of());
    reader.answerLoads(
        name ->
            switch (name.name()) {
              case "denied" -> Optional.of(new LoadResult.Denied(403, "not for you"));
              case "future" -> Optional.of(ofFormat4(name));
              default -> Optional.empty();
            });
    source.hook(
        call -> {
          if (call.location().contains("/broken") && call.location().endsWith(".avro")) {
            throw new StoreException(StoreException.Kind.MISSING, call.location(), "gone");
          }
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      JsonNode result = planned(replicator, CATALOG, Optional.of(RULE));

      assertThat(result.path("ok").asBoolean()).isFalse();
      assertThat(result.path("tables").asInt()).isEqualTo(5);
      assertThat(result.path("replicas").asInt()).isEqualTo(1);
      assertThat(result.path("toCopy").path("files").asInt()).isEqualTo(1);
      assertThat(result.path("problemCount").asInt()).isEqualTo(4);
      assertThat(result.path("problems"))
          .extracting(one -> one.path("table").asText() + " " + one.path("code").asText())
          .containsExactlyInAnyOrder(
              "future UNSUPPORTED",
              "broken SOURCE_FILE_MISSING",
              "outside PATH_REFUSED",
              "denied SOURCE_DENIED");
      assertThat(result.path("problems").findValuesAsText("file"))
          .contains("s3://elsewhere/f.parquet");
    }
  }

  private LoadResult ofFormat4(TableIdentifier name) {
    LoadResult.Loaded loaded =
        (LoadResult.Loaded) CatalogSourceReader.of(lake.catalog()).load(name);
    String metadata =
        new String(loaded.metadata(), StandardCharsets.UTF_8)
            .replaceFirst("\"format-version\" ?: ?2", "\"format-version\":4");
    return new LoadResult.Loaded(
        loaded.metadataLocation(),
        loaded.tableUuid(),
        metadata.getBytes(StandardCharsets.UTF_8),
        Optional.empty());
  }

  @Test
  void scopeOfANamespaceOrATable_takesInNoOther() {
    lake.append(lake.create("2"), "a");
    lake.append(lake.create(ORDERS, "2", Map.of()), "b");
    lake.catalog().createNamespace(Namespace.of("other"));
    lake.append(lake.create(TableIdentifier.of("other", "t"), "2", Map.of()), "c");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      JsonNode namespace =
          planned(
              replicator, RuleScope.namespace("main", Namespace.of("sales")), Optional.of(RULE));
      JsonNode table = planned(replicator, RuleScope.table("main", ORDERS), Optional.of(RULE));

      assertThat(namespace.path("reports").findValuesAsText("table"))
          .containsExactlyInAnyOrder("events", "orders");
      assertThat(table.path("reports").findValuesAsText("table")).containsExactly("orders");
      assertThat(planned(replicator, CATALOG, Optional.empty()).path("replicas").asInt())
          .as("no rule holds yet")
          .isZero();
    }
  }

  @Test
  void tableThatIsNotThere_isAProblem() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      JsonNode result = planned(replicator, RuleScope.table("main", ORDERS), Optional.of(RULE));

      assertThat(result.path("ok").asBoolean()).isFalse();
      assertThat(result.path("problems").findValuesAsText("code")).containsExactly("NOT_FOUND");
    }
  }

  @Test
  void sourceThatCannotBeListed_countsWhatTheLogKnowsAndSaysSo() {
    ruled = true;
    Table table = lake.create("2");
    lake.append(table, "a");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      reader.failListings(new LoadResult.Unavailable(Optional.of(503), "busy", Optional.empty()));

      JsonNode result = planned(replicator, CATALOG, Optional.empty());

      assertThat(result.path("ok").asBoolean()).isFalse();
      assertThat(result.path("replicas").asInt()).isEqualTo(1);
      assertThat(result.path("notes").path(0).asText())
          .isEqualTo(
              "source main could not be listed (busy): only tables that are known already are counted");
    }
  }

  @Test
  void nameAtTheDestination_thatAnotherTableHasOrWouldGet_isAProblem() {
    gathered = true;
    ruled = true;
    Table table = lake.create("2");
    lake.append(table, "a");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> lake.replicas().byName("eu", SAME).isPresent());
      ruled = false;
      lake.create(ORDERS, "2", Map.of());

      JsonNode ofOne = planned(replicator, RuleScope.table("main", ORDERS), Optional.of(RULE));
      JsonNode ofBoth = planned(replicator, CATALOG, Optional.of(RULE));

      assertThat(ofOne.path("problems").findValuesAsText("code")).containsExactly("TARGET_TAKEN");
      assertThat(ofOne.path("problems").path(0).path("message").asText())
          .startsWith("sales.same at destination eu already belongs to the replica");
      assertThat(ofBoth.path("replicas").asInt()).isEqualTo(1);
      assertThat(ofBoth.path("problemCount").asInt()).isEqualTo(1);
    }
  }

  @Test
  void ruleThatTheFileHasToo_cannotBePlanned() {
    ruleFits = false;
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation ended =
          asked(
              replicator, new OperationRequest.Plan(CATALOG, Optional.empty(), Optional.of(RULE)));

      assertThat(ended.state()).isEqualTo(OperationState.FAILED);
      assertThat(ended.summary().orElseThrow())
          .startsWith("the file has a rule for exactly source main");
    }
  }

  @Test
  void plan_cancelledWhileItReads_ends() {
    Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
    lake.append(table, "a");
    lake.append(table, "b");
    CountDownLatch reads = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    source.hook(
        call -> {
          reads.countDown();
          SharedLake.await(goOn);
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation operation =
          log.request(
              new OperationRequest.Plan(CATALOG, Optional.empty(), Optional.of(RULE)), "ops");
      replicator.operationWaits();
      SharedLake.await(reads);
      log.cancel(operation.id(), "somebody");
      awaitHeartbeat();
      awaitHeartbeat();
      goOn.countDown();

      Operation ended = finished(operation);

      assertThat(ended.state()).isEqualTo(OperationState.CANCELLED);
      assertThat(ended.summary()).contains("cancelled by somebody");
    }
  }

  private void awaitHeartbeat() {
    String until = "select cast(claimed_until as varchar) from operation";
    List<String> before = lake.strings(until);
    TestingLake.await(() -> !lake.strings(until).equals(before));
  }
}
