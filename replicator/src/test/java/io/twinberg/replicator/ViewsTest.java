package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.EntryKind;
import io.twinberg.log.IntentKind;
import io.twinberg.replica.Adoption;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replicator.pointer.PointerObjects;
import io.twinberg.replicator.pointer.Recovery;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.source.LoadResult;
import io.twinberg.source.MetadataJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.view.BaseView;
import org.apache.iceberg.view.View;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewMetadataParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Views end to end in one process, on real files. */
class ViewsTest {
  private static final TableIdentifier TOTALS = TableIdentifier.of("sales", "totals");
  private static final TableIdentifier SUMS = TableIdentifier.of("sales", "sums");

  @TempDir Path folder;
  private TestingLake lake;
  private FaultyReader reader;
  private Intents intents;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    lake.reader(reader);
    intents = new Intents(lake);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private View create(TableIdentifier name, String sql) {
    return lake.catalog()
        .buildView(name)
        .withSchema(TestingLake.SCHEMA)
        .withQuery("spark", sql)
        .withDefaultNamespace(Namespace.of("sales"))
        .withLocation("file:" + folder.resolve("lake/sales/" + name.name()))
        .withProperty("comment", "totals: of all")
        .withProperty("source-copy", "s3://elsewhere/copy")
        .create();
  }

  private void replace(View view, String sql) {
    view.replaceVersion()
        .withSchema(TestingLake.SCHEMA)
        .withQuery("spark", sql)
        .withDefaultNamespace(Namespace.of("sales"))
        .commit();
  }

  /** Until the replica shows the source's current version and its pointer object says so. */
  private ViewMetadata awaitCurrent(TableIdentifier name) {
    ViewMetadata source = source(name);
    TestingLake.await(
        () ->
            lake.replicas()
                .byName("eu", name)
                .filter(replica -> replica.generation() > 0)
                .filter(replica -> replica.pointerGeneration() == replica.generation())
                .map(replica -> published(name).versions().equals(source.versions()))
                .orElse(false));
    return published(name);
  }

  private ViewMetadata source(TableIdentifier name) {
    return ((BaseView) lake.catalog().loadView(name)).operations().current();
  }

  private ViewMetadata published(TableIdentifier name) {
    return ViewMetadataParser.fromJson(
        new String(bytes(lake.replica(name)), StandardCharsets.UTF_8));
  }

  private byte[] bytes(Replica replica) {
    return intents.bytes(replica.metadataLocation().orElseThrow());
  }

  private ViewMetadata sync(TableIdentifier name) {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      return awaitCurrent(name);
    }
  }

  @Test
  void view_foundByASweep_hasItsSqlAndItsOwnLocation() {
    create(TOTALS, "select sum(id) from events -- s3://lake/x");
    ViewMetadata copy = sync(TOTALS);
    ViewMetadata source = source(TOTALS);
    assertThat(copy.uuid()).isEqualTo(source.uuid());
    assertThat(copy.location()).isEqualTo(lake.replica(TOTALS).folder());
    assertThat(copy.versions()).isEqualTo(source.versions());
    assertThat(copy.history()).isEqualTo(source.history());
    assertThat(copy.schema().asStruct()).isEqualTo(source.schema().asStruct());
    assertThat(copy.properties()).isEqualTo(Map.of("comment", "totals: of all"));
    assertThat(lake.replica(TOTALS).kind()).isEqualTo(EntryKind.VIEW);
    assertThat(lake.replica(TOTALS).metadataLocation().orElseThrow())
        .startsWith(lake.replica(TOTALS).folder() + "/metadata/");
  }

  @Test
  void replace_committedThroughTheProxy_followsWithItsHistory() {
    View view = create(TOTALS, "select 1");
    sync(TOTALS);
    replace(view, "select 2");
    replace(view, "select 3");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      long id = intents.open(IntentKind.UPDATE_VIEW, List.of(TOTALS), "{}");
      intents.committed(id);
      replicator.settled("main");
      ViewMetadata copy = awaitCurrent(TOTALS);
      assertThat(copy.versions()).hasSize(3);
      assertThat(copy.history()).hasSize(3);
      intents.awaitState(id, "LOGGED");
    }
    assertThat(lake.replica(TOTALS).generation()).isEqualTo(2);
  }

  @Test
  void rename_keepsReplicaAndFolder() {
    create(TOTALS, "select 1");
    sync(TOTALS);
    Replica before = lake.replica(TOTALS);
    lake.catalog().renameView(TOTALS, SUMS);
    sync(SUMS);
    assertThat(lake.replica(SUMS).id()).isEqualTo(before.id());
    assertThat(lake.replica(SUMS).folder()).isEqualTo(before.folder());
    assertThat(lake.replicas().byName("eu", TOTALS)).isEmpty();
  }

  @Test
  void drop_replicaStaysReadable_andATableOfThatNameTakesIt() {
    create(TOTALS, "select 1");
    sync(TOTALS);
    String view = lake.replica(TOTALS).id();
    lake.catalog().dropView(TOTALS);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica(TOTALS).lifecycle() == ReplicaLifecycle.SOURCE_DROPPED);
      assertThat(published(TOTALS).versions()).hasSize(1);
      var table = lake.create(TOTALS, "2", Map.of());
      lake.append(table, "a");
      replicator.demand("main");
      TestingLake.await(() -> lake.replica(TOTALS).kind() == EntryKind.TABLE);
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
    assertThat(lake.replicas().find(view).orElseThrow().lifecycle())
        .isEqualTo(ReplicaLifecycle.ARCHIVED);
  }

  @Test
  void tableReplacedByAView_bothInOneInterval_viewTakesTheName() {
    var table = lake.create(TOTALS, "2", Map.of());
    lake.append(table, "a");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      lake.catalog().dropTable(TOTALS, false);
      create(TOTALS, "select 1");
      replicator.demand("main");
      TestingLake.await(() -> lake.replica(TOTALS).kind() == EntryKind.VIEW);
      awaitCurrent(TOTALS);
    }
  }

  @Test
  void dropAndCreate_isAnotherView() {
    create(TOTALS, "select 1");
    sync(TOTALS);
    Replica before = lake.replica(TOTALS);
    lake.catalog().dropView(TOTALS);
    create(TOTALS, "select 2");
    sync(TOTALS);
    assertThat(lake.replica(TOTALS).id()).isNotEqualTo(before.id());
    assertThat(lake.replicas().find(before.id()).orElseThrow().lifecycle())
        .isEqualTo(ReplicaLifecycle.ARCHIVED);
  }

  @Test
  void loadFails_isNoDrop() {
    create(TOTALS, "select 1");
    sync(TOTALS);
    reader.failListings(new LoadResult.Denied(403, "not for you"));
    lake.catalog().dropView(TOTALS);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> reader.viewLoads() > 1);
      int seen = reader.viewLoads();
      replicator.demand("main");
      TestingLake.await(() -> reader.viewLoads() > seen);
    }
    assertThat(lake.replica(TOTALS).lifecycle()).isEqualTo(ReplicaLifecycle.ACTIVE);
  }

  @Test
  void fieldsThatNobodyKnows_areKept() {
    create(TOTALS, "select 1");
    ObjectNode odd =
        MetadataJson.parse(
            ViewMetadataParser.toJson(source(TOTALS)).getBytes(StandardCharsets.UTF_8));
    odd.putObject("later").put("n", new java.math.BigDecimal("1.50"));
    String location = source(TOTALS).metadataFileLocation();
    reader.answerViews(
        name ->
            Optional.of(
                new LoadResult.Loaded(
                    location,
                    odd.path("view-uuid").asText(),
                    MetadataJson.write(odd),
                    Optional.empty())));
    sync(TOTALS);
    assertThat(new String(bytes(lake.replica(TOTALS)), StandardCharsets.UTF_8))
        .contains("\"later\":{\"n\":1.50}");
  }

  @Test
  void unknownFormat_failsWithItsReasonAndTheLastGoodVersionStays() {
    View view = create(TOTALS, "select 1");
    sync(TOTALS);
    replace(view, "select 2");
    ObjectNode next =
        MetadataJson.parse(
            ViewMetadataParser.toJson(source(TOTALS)).getBytes(StandardCharsets.UTF_8));
    next.put("format-version", 2);
    String location = source(TOTALS).metadataFileLocation();
    reader.answerViews(
        name ->
            Optional.of(
                new LoadResult.Loaded(
                    location,
                    next.path("view-uuid").asText(),
                    MetadataJson.write(next),
                    Optional.empty())));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica(TOTALS).failure().isPresent());
    }
    assertThat(lake.replica(TOTALS).failure().orElseThrow().code()).isEqualTo("UNSUPPORTED");
    assertThat(published(TOTALS).versions()).hasSize(1);
  }

  @Test
  void recover_bringsViewsAndTheirLifecyclesBack() {
    create(TOTALS, "select 1");
    create(SUMS, "select 2");
    sync(TOTALS);
    sync(SUMS);
    lake.catalog().dropView(SUMS);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica(SUMS).lifecycle() == ReplicaLifecycle.SOURCE_DROPPED);
      TestingLake.await(
          () -> lake.replica(SUMS).pointerGeneration() == lake.replica(SUMS).generation());
    }
    Replica totals = lake.replica(TOTALS);
    lake.loseDatabase();

    Recovery.Report report =
        new Recovery(
                new Adoption(lake.database(), Clock.systemUTC()),
                new MirroredNamespaces(lake.database(), Clock.systemUTC()))
            .recover("eu", lake.root(), lake.store());

    assertThat(report.adopted()).hasSize(2);
    assertThat(lake.replica(TOTALS).kind()).isEqualTo(EntryKind.VIEW);
    assertThat(lake.replica(TOTALS).metadataLocation()).isEqualTo(totals.metadataLocation());
    assertThat(lake.replica(SUMS).lifecycle()).isEqualTo(ReplicaLifecycle.SOURCE_DROPPED);
    replace(lake.catalog().loadView(TOTALS), "select 3");
    assertThat(sync(TOTALS).versions()).hasSize(2);
    assertThat(lake.replica(TOTALS).id()).isEqualTo(totals.id());
    assertThat(new PointerObjects(lake.store()).newest(lake.root())).hasSize(2);
  }
}
