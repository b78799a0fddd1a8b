package io.twinberg.proxy.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.restassured.path.json.JsonPath;
import io.twinberg.log.SourceTable;
import io.twinberg.proxy.testing.RawClient;
import io.twinberg.replica.MirroredNamespace;
import io.twinberg.replica.Replica;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.view.BaseView;
import org.apache.iceberg.view.View;
import org.apache.iceberg.view.ViewMetadataParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listings, views and refusals of the replica catalog. */
class ReplicaEndpointTest extends ReplicaEndpointSuite {
  @Test
  void listings_showPublishedTablesInNestedNamespacesPageByPage() throws Exception {
    for (int i = 0; i < 5; i++) {
      replicated(TableIdentifier.of("sales", "eu", "t" + i), 0);
    }
    replicated(TableIdentifier.of("sales", "top"), 0);
    replicated(TableIdentifier.of("hr", "people"), 0);
    world.replica(world.table("prod", TableIdentifier.of("later", "t")), "eu");
    Namespace nested = Namespace.of("sales", "eu");

    try (RESTCatalog paging = client(Map.of("rest-page-size", "2"))) {
      for (RESTCatalog client : List.of(catalog, paging)) {
        assertThat(client.listNamespaces())
            .containsExactly(Namespace.of("hr"), Namespace.of("sales"));
        assertThat(client.listNamespaces(Namespace.of("sales"))).containsExactly(nested);
        assertThat(client.listTables(nested))
            .extracting(TableIdentifier::name)
            .containsExactly("t0", "t1", "t2", "t3", "t4");
        assertThat(client.listTables(Namespace.of("sales")))
            .containsExactly(TableIdentifier.of("sales", "top"));
      }
    }
    assertThat(catalog.namespaceExists(nested)).isTrue();
    assertThat(catalog.loadNamespaceMetadata(nested)).isEmpty();
    assertThat(catalog.namespaceExists(Namespace.of("later"))).isFalse();
    assertThatThrownBy(() -> catalog.listTables(Namespace.of("none")))
        .isInstanceOf(NoSuchNamespaceException.class);
  }

  @Test
  void namespace_thatIsEmpty_standsWithItsProperties() {
    Namespace nested = Namespace.of("sales", "ünï %c.d");
    world.table("prod", TableIdentifier.of("later", "t"));
    mirrored.put(
        new MirroredNamespace(
            "n1", "prod", nested, "eu", nested, "s3://eu/n1", Map.of("owner", "jo"), false, 1));
    assertThat(catalog.listNamespaces()).containsExactly(Namespace.of("sales"));
    assertThat(catalog.listNamespaces(Namespace.of("sales"))).containsExactly(nested);
    assertThat(catalog.loadNamespaceMetadata(nested)).isEqualTo(Map.of("owner", "jo"));
    assertThat(catalog.loadNamespaceMetadata(Namespace.of("sales"))).isEmpty();
    assertThat(catalog.listTables(nested)).isEmpty();
    assertThat(catalog.listViews(nested)).isEmpty();
    mirrored.dropped("prod", nested);
    assertThat(catalog.namespaceExists(nested)).isFalse();
  }

  @Test
  void view_isServedBesideTables_andIsNoTable() {
    replicated(ORDERS, 1);
    TableIdentifier totals = TableIdentifier.of("sales", "eu", "totals");
    View view = viewAt(totals, "select 1");
    publishView(totals, view);

    View served = catalog.loadView(totals);

    assertThat(served.uuid()).isEqualTo(view.uuid());
    assertThat(served.versions()).isEqualTo(view.versions());
    assertThat(catalog.viewExists(totals)).isTrue();
    assertThat(catalog.listViews(totals.namespace())).containsExactly(totals);
    assertThat(catalog.listTables(totals.namespace())).containsExactly(ORDERS);
    assertThat(catalog.tableExists(totals)).isFalse();
    assertThat(catalog.viewExists(ORDERS)).isFalse();
    assertThatThrownBy(() -> catalog.loadView(ORDERS)).isInstanceOf(NoSuchViewException.class);
    assertThatThrownBy(() -> catalog.loadTable(totals)).isInstanceOf(NoSuchTableException.class);
  }

  @Test
  void page_ofTwo_hasATokenForTheRest() {
    for (int i = 0; i < 3; i++) {
      replicated(TableIdentifier.of("n", "t" + i), 0);
    }
    String path = "/v1/eu/namespaces/n/tables?pageSize=2&pageToken=";
    JsonPath first = raw().get(path).jsonPath();
    assertThat(first.getList("identifiers.name")).isEqualTo(List.of("t0", "t1"));
    JsonPath second = raw().get(path + first.getString("next-page-token")).jsonPath();
    assertThat(second.getList("identifiers.name")).isEqualTo(List.of("t2"));
    assertThat(second.getString("next-page-token")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/eu/namespaces?pageToken=&pageSize=x",
    "/v1/eu/namespaces?pageToken=&pageSize=0",
    "/v1/eu/namespaces?parent=%zz",
    "/v1/eu/namespaces/%zz",
    "/v1/eu/namespaces/n/tables/%zz",
    "/v1/eu/namespaces/n/tables/%FF"
  })
  void call_thatCannotBeRead_isABadRequest(String path) throws Exception {
    replicated(TableIdentifier.of("n", "t"), 0);
    String answer = RawClient.get(listener.port(), "/catalogs/eu" + path);
    assertThat(RawClient.status(answer)).isEqualTo(400);
    assertThat(answer).contains("\"type\":\"BadRequestException\"");
  }

  @Test
  void replica_notPublishedYet_isMissingAndSaysWhy() {
    world.replica(world.table("prod", ORDERS), "eu");
    raw()
        .get(ORDERS_PATH)
        .then()
        .statusCode(404)
        .body("error.type", is("NoSuchTableException"))
        .body("error.message", containsString("its first copy is under way, see twinberg status"));
    assertThatThrownBy(() -> catalog.loadTable(ORDERS)).isInstanceOf(NoSuchTableException.class);
    raw()
        .get("/v1/eu/namespaces/sales%1Feu/tables/other")
        .then()
        .statusCode(404)
        .body("error.message", is("Table does not exist: sales.eu.other"));
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/v1/eu/namespaces",
    "DELETE,/v1/eu/namespaces/sales%1Feu",
    "POST,/v1/eu/namespaces/sales%1Feu/properties",
    "POST,/v1/eu/namespaces/sales%1Feu/tables",
    "POST,/v1/eu/namespaces/sales%1Feu/register",
    "POST,/v1/eu/namespaces/sales%1Feu/tables/orders",
    "DELETE,/v1/eu/namespaces/sales%1Feu/tables/orders",
    "DELETE,/v1/eu/namespaces/sales%1Feu/tables/orders?purgeRequested=true",
    "POST,/v1/eu/tables/rename",
    "POST,/v1/eu/transactions/commit",
    "POST,/v1/eu/namespaces/sales%1Feu/views",
    "POST,/v1/eu/namespaces/sales%1Feu/views/v",
    "DELETE,/v1/eu/namespaces/sales%1Feu/views/v",
    "POST,/v1/eu/views/rename",
    "PUT,/v1/eu/anything"
  })
  void mutation_isForbiddenAndChangesNothing(String method, String path) {
    Replica replica = replicated(ORDERS, 1);
    Replica before = world.replicas().find(replica.id()).orElseThrow();
    raw()
        .contentType("application/json")
        .body("{}")
        .request(method, path)
        .then()
        .statusCode(403)
        .body("error.type", is("ForbiddenException"))
        .body("error.code", is(403))
        .body("error.message", containsString("read-only"));
    assertThat(world.replicas().find(replica.id())).contains(before);
    assertThat(catalog.loadTable(ORDERS).currentSnapshot()).isNotNull();
  }

  @Test
  void commit_ofAClient_isRefusedAndChangesNothing() {
    replicated(ORDERS, 1);
    Table loaded = catalog.loadTable(ORDERS);
    long before = loaded.currentSnapshot().snapshotId();
    assertThatThrownBy(() -> loaded.updateProperties().set("a", "b").commit())
        .isInstanceOfAny(ForbiddenException.class, UnsupportedOperationException.class);
    assertThatThrownBy(() -> catalog.dropTable(ORDERS))
        .isInstanceOfAny(ForbiddenException.class, UnsupportedOperationException.class);
    assertThat(catalog.loadTable(ORDERS).currentSnapshot().snapshotId()).isEqualTo(before);
  }

  private View viewAt(TableIdentifier name, String sql) {
    return origin
        .buildView(name)
        .withSchema(SCHEMA)
        .withQuery("spark", sql)
        .withDefaultNamespace(name.namespace())
        .create();
  }

  private void publishView(TableIdentifier name, View view) {
    SourceTable source = world.view("prod", name);
    Replica replica = world.replica(source, "eu");
    String location = "s3://replica/" + files.size() + ".metadata.json";
    String json = ViewMetadataParser.toJson(((BaseView) view).operations().current());
    files.put(location, json.getBytes(StandardCharsets.UTF_8));
    world.publish(replica, world.commit(source), location);
  }
}
