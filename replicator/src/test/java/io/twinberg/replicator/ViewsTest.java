package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.log.EntryKind;
import io.twinberg.log.IntentKind;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.source.LoadResult;
import io.twinberg.source.MetadataJson;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.view.BaseView;
import org.apache.iceberg.view.View;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewMetadataParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Views end to end in one process, on real files. */
class ViewsTest extends SharedLake {
  private TableIdentifier totals;
  private TableIdentifier sums;

  @BeforeEach
  void nameViews() {
    totals = name("totals");
    sums = name("sums");
  }

  private View create(TableIdentifier name, String sql) {
    return lake.catalog()
        .buildView(name)
        .withSchema(TestingLake.SCHEMA)
        .withQuery("spark", sql)
        .withDefaultNamespace(space)
        .withProperty("comment", "totals: of all")
        .withProperty("source-copy", "s3://elsewhere/copy")
        .create();
  }

  private void replace(View view, String sql) {
    view.replaceVersion()
        .withSchema(TestingLake.SCHEMA)
        .withQuery("spark", sql)
        .withDefaultNamespace(space)
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
                .map(replica -> metadata(replica).versions().equals(source.versions()))
                .orElse(false));
    return published(name);
  }

  private ViewMetadata source(TableIdentifier name) {
    return ((BaseView) lake.catalog().loadView(name)).operations().current();
  }

  private ViewMetadata published(TableIdentifier name) {
    return metadata(lake.replica(name));
  }

  /** Of the row that was found: another one may have the name a moment later, or none. */
  private ViewMetadata metadata(Replica replica) {
    return ViewMetadataParser.fromJson(new String(bytes(replica), StandardCharsets.UTF_8));
  }

  private byte[] bytes(Replica replica) {
    return intents.bytes(replica.metadataLocation().orElseThrow());
  }

  private ViewMetadata sync(TableIdentifier name) {
    replicator.demand("main");
    return awaitCurrent(name);
  }

  @Test
  void view_foundByASweep_hasItsSqlAndItsOwnLocation() {
    create(totals, "select sum(id) from events -- s3://lake/x");
    ViewMetadata copy = sync(totals);
    ViewMetadata source = source(totals);
    assertThat(copy.uuid()).isEqualTo(source.uuid());
    assertThat(copy.location()).isEqualTo(lake.replica(totals).folder());
    assertThat(copy.versions()).isEqualTo(source.versions());
    assertThat(copy.history()).isEqualTo(source.history());
    assertThat(copy.schema().asStruct()).isEqualTo(source.schema().asStruct());
    assertThat(copy.properties()).isEqualTo(Map.of("comment", "totals: of all"));
    assertThat(lake.replica(totals).kind()).isEqualTo(EntryKind.VIEW);
    assertThat(lake.replica(totals).metadataLocation().orElseThrow())
        .startsWith(lake.replica(totals).folder() + "/metadata/");
  }

  @Test
  void replace_committedThroughTheProxy_followsWithItsHistory() {
    View view = create(totals, "select 1");
    sync(totals);
    unseen(
        () -> {
          replace(view, "select 2");
          replace(view, "select 3");
        });
    long id = intents.open(IntentKind.UPDATE_VIEW, List.of(totals), "{}");
    intents.committed(id);
    replicator.settled("main");
    ViewMetadata copy = awaitCurrent(totals);
    assertThat(copy.versions()).hasSize(3);
    assertThat(copy.history()).hasSize(3);
    intents.awaitState(id, "LOGGED");
    assertThat(lake.replica(totals).generation()).isEqualTo(2);
  }

  @Test
  void rename_keepsReplicaAndFolder() {
    create(totals, "select 1");
    sync(totals);
    Replica before = lake.replica(totals);
    lake.catalog().renameView(totals, sums);
    sync(sums);
    assertThat(lake.replica(sums).id()).isEqualTo(before.id());
    assertThat(lake.replica(sums).folder()).isEqualTo(before.folder());
    assertThat(lake.replicas().byName("eu", totals)).isEmpty();
  }

  /** For a moment, when one makes way for the other, none has the name. */
  private void awaitKind(EntryKind kind) {
    TestingLake.await(
        () ->
            lake.replicas()
                .byName("eu", totals)
                .filter(replica -> replica.kind() == kind)
                .isPresent());
  }

  @Test
  void drop_replicaStaysReadable_andATableOfThatNameTakesIt() {
    create(totals, "select 1");
    sync(totals);
    String view = lake.replica(totals).id();
    lake.catalog().dropView(totals);
    replicator.demand("main");
    TestingLake.await(() -> lake.replica(totals).lifecycle() == ReplicaLifecycle.SOURCE_DROPPED);
    assertThat(published(totals).versions()).hasSize(1);
    var table = lake.create(totals, "2", Map.of());
    lake.append(table, "a");
    replicator.demand("main");
    awaitKind(EntryKind.TABLE);
    ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    assertThat(lake.replicas().find(view).orElseThrow().lifecycle())
        .isEqualTo(ReplicaLifecycle.ARCHIVED);
  }

  @Test
  void tableReplacedByAView_bothInOneInterval_viewTakesTheName() {
    var table = lake.create(totals, "2", Map.of());
    lake.append(table, "a");
    lake.sync(replicator, table);
    unseen(
        () -> {
          lake.catalog().dropTable(totals, false);
          create(totals, "select 1");
        });
    replicator.demand("main");
    awaitKind(EntryKind.VIEW);
    awaitCurrent(totals);
  }

  @Test
  void dropAndCreate_isAnotherView() {
    create(totals, "select 1");
    sync(totals);
    Replica before = lake.replica(totals);
    unseen(
        () -> {
          lake.catalog().dropView(totals);
          create(totals, "select 2");
        });
    sync(totals);
    assertThat(lake.replica(totals).id()).isNotEqualTo(before.id());
    assertThat(lake.replicas().find(before.id()).orElseThrow().lifecycle())
        .isEqualTo(ReplicaLifecycle.ARCHIVED);
  }

  @Test
  void loadFails_isNoDrop() {
    create(totals, "select 1");
    sync(totals);
    reader.failListings(new LoadResult.Denied(403, "not for you"));
    lake.catalog().dropView(totals);
    replicator.demand("main");
    int before = reader.viewLoads();
    TestingLake.await(() -> reader.viewLoads() > before + 1);
    int seen = reader.viewLoads();
    replicator.demand("main");
    TestingLake.await(() -> reader.viewLoads() > seen);
    assertThat(lake.replica(totals).lifecycle()).isEqualTo(ReplicaLifecycle.ACTIVE);
  }

  private static ObjectNode tree(ViewMetadata view) {
    return MetadataJson.parse(ViewMetadataParser.toJson(view).getBytes(StandardCharsets.UTF_8));
  }

  private void answer(String location, ObjectNode metadata) {
    LoadResult answer =
        new LoadResult.Loaded(
            location,
            metadata.path("view-uuid").asText(),
            MetadataJson.write(metadata),
            Optional.empty());
    reader.answerViews(name -> name.equals(totals) ? Optional.of(answer) : Optional.empty());
  }

  @Test
  void fieldsThatNobodyKnows_areKept() {
    unseen(() -> create(totals, "select 1"));
    ObjectNode odd = tree(source(totals));
    odd.putObject("later").put("n", new BigDecimal("1.50"));
    answer(source(totals).metadataFileLocation(), odd);
    sync(totals);
    assertThat(new String(bytes(lake.replica(totals)), StandardCharsets.UTF_8))
        .contains("\"later\":{\"n\":1.50}");
  }

  @Test
  void unknownFormat_failsWithItsReasonAndTheLastGoodVersionStays() {
    View view = create(totals, "select 1");
    sync(totals);
    reader.silence();
    replace(view, "select 2");
    ObjectNode next = tree(source(totals));
    next.put("format-version", 2);
    reader.heal();
    answer(source(totals).metadataFileLocation(), next);
    replicator.demand("main");
    TestingLake.await(() -> lake.replica(totals).failure().isPresent());
    assertThat(lake.replica(totals).failure().orElseThrow().code()).isEqualTo("UNSUPPORTED");
    assertThat(published(totals).versions()).hasSize(1);
  }
}
