package io.twinberg.proxy.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.twinberg.log.SourceTable;
import io.twinberg.replica.Replica;
import io.twinberg.storage.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loads of replicas: what they tell, and what they cost. */
class ReplicaLoadsTest extends ReplicaEndpointSuite {
  @Test
  void load_givesTheTableAsItsMetadataSays() {
    SourceTable source = world.table("prod", ORDERS);
    Replica replica = world.replica(source, "eu");
    TableMetadata published = publish(replica, source, origin(ORDERS, 2));

    Table loaded = catalog.loadTable(ORDERS);

    TableMetadata seen = ((HasTableOperations) loaded).operations().current();
    assertThat(TableMetadataParser.toJson(seen)).isEqualTo(TableMetadataParser.toJson(published));
    assertThat(seen.metadataFileLocation()).isEqualTo("s3://replica/0.metadata.json");
    assertThat(catalog.tableExists(ORDERS)).isTrue();
    assertThat(catalog.tableExists(TableIdentifier.of("sales", "eu", "none"))).isFalse();
  }

  @Test
  void load_handsOutTheClientsSettingsAndNoOthers() {
    replicated(ORDERS, 1);
    JsonPath json = raw().get(ORDERS_PATH).then().statusCode(200).extract().jsonPath();
    Map<String, String> expected = new HashMap<>(CLIENT);
    expected.put("scan-planning-mode", "client");
    assertThat(json.getMap("config")).isEqualTo(expected);
    assertThat(json.getMap("").keySet())
        .map(Object::toString)
        .containsExactlyInAnyOrder("metadata-location", "metadata", "config");
    assertThat(new ReadAccess.Static(CLIENT).toString()).doesNotContain("reader.example");
  }

  @ParameterizedTest
  @CsvSource({"DENIED,500", "MISSING,500", "THROTTLED,503", "UNAVAILABLE,503"})
  void load_ofMetadataThatTheStoreDoesNotGive_saysSoAndWhetherToComeAgain(
      StoreException.Kind kind, int status) {
    replicated(ORDERS, 1);
    storeFailure = Optional.of(kind);

    raw()
        .get(ORDERS_PATH)
        .then()
        .statusCode(status)
        .body(
            "error.message",
            is(
                "The metadata of sales.eu.orders at eu cannot be read. Cannot read"
                    + " s3://replica/0.metadata.json: it is so"));

    storeFailure = Optional.empty();
    raw().get(ORDERS_PATH).then().statusCode(200);
  }

  @Test
  void load_withTheTag_isNotModifiedUntilAPublication() {
    SourceTable source = world.table("prod", ORDERS);
    Replica replica = world.replica(source, "eu");
    Table table = origin(ORDERS, 1);
    publish(replica, source, table);
    Response first = raw().get(ORDERS_PATH);
    String tag = first.header("ETag");
    for (String header : List.of(tag, "W/" + tag, "\"x\", " + tag)) {
      Response again = raw().header("If-None-Match", header).get(ORDERS_PATH);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.header("ETag")).isEqualTo(tag);
      assertThat(again.asByteArray()).isEmpty();
    }
    // Another representation has another tag.
    Response refs = raw().header("If-None-Match", tag).get(ORDERS_PATH + "?snapshots=refs");
    assertThat(refs.statusCode()).isEqualTo(200);
    assertThat(refs.header("ETag")).isNotEqualTo(tag);

    table.newAppend().commit();
    publish(replica, source, table);

    Response changed = raw().header("If-None-Match", tag).get(ORDERS_PATH);
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(changed.jsonPath().getList("metadata.snapshots")).hasSize(2);
  }

  @Test
  void client_thatLoadsAgain_getsNotModifiedThenTheNewVersion() {
    SourceTable source = world.table("prod", ORDERS);
    Replica replica = world.replica(source, "eu");
    Table table = origin(ORDERS, 1);
    publish(replica, source, table);
    catalog.loadTable(ORDERS);
    catalog.loadTable(ORDERS);
    assertThat(loads).containsExactly(200, 304);

    table.newAppend().commit();
    publish(replica, source, table);

    assertThat(catalog.loadTable(ORDERS).currentSnapshot()).isEqualTo(table.currentSnapshot());
    assertThat(loads).containsExactly(200, 304, 200);
  }

  @Test
  void load_keptInMemory_asksNeitherDatabaseNorStoreUntilAPublication() {
    SourceTable source = world.table("prod", ORDERS);
    Replica replica = world.replica(source, "eu");
    Table table = origin(ORDERS, 1);
    publish(replica, source, table);
    raw().get(ORDERS_PATH).then().statusCode(200);
    statements.set(0);
    reads.set(0);
    for (int i = 0; i < 3; i++) {
      raw().get(ORDERS_PATH).then().statusCode(200);
    }
    assertThat(statements).hasValue(0);
    assertThat(reads).hasValue(0);

    publish(replica, source, table);

    raw()
        .get(ORDERS_PATH)
        .then()
        .statusCode(200)
        .body("'metadata-location'", is("s3://replica/1.metadata.json"));
    assertThat(reads).hasValue(1);
    assertThat(statements.get()).isPositive();
  }

  @Test
  void snapshotsByRefs_leaveOutWhatNoBranchNamesAndNothingElse() throws Exception {
    SourceTable source = world.table("prod", ORDERS);
    Replica replica = world.replica(source, "eu");
    Table table = origin(ORDERS, 4);
    List<Snapshot> all = snapshots(table);
    table.manageSnapshots().createTag("kept", all.get(1).snapshotId()).commit();
    publish(replica, source, table);

    JsonPath whole = raw().get(ORDERS_PATH).jsonPath();
    JsonPath refs = raw().get(ORDERS_PATH + "?snapshots=refs").jsonPath();
    assertThat(refs.getList("metadata.snapshots.'snapshot-id'", Long.class))
        .containsExactly(all.get(1).snapshotId(), all.get(3).snapshotId());
    Map<String, Object> rest = new HashMap<>(refs.getMap("metadata"));
    Map<String, Object> wholeRest = new HashMap<>(whole.getMap("metadata"));
    rest.remove("snapshots");
    wholeRest.remove("snapshots");
    assertThat(rest).isEqualTo(wholeRest);
    try (RESTCatalog lazy = client(Map.of("snapshot-loading-mode", "refs"))) {
      Table loaded = lazy.loadTable(ORDERS);
      assertThat(loaded.currentSnapshot()).isEqualTo(table.currentSnapshot());
      assertThat(snapshots(loaded)).hasSize(4);
    }
    raw().get(ORDERS_PATH + "?snapshots=some").then().statusCode(400);
  }

  private static List<Snapshot> snapshots(Table table) {
    List<Snapshot> snapshots = new CopyOnWriteArrayList<>();
    table.snapshots().forEach(snapshots::add);
    return snapshots;
  }
}
