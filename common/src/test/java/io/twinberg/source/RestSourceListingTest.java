package io.twinberg.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.identity.Identity;
import io.twinberg.source.LoadResult.Denied;
import io.twinberg.source.LoadResult.NotFound;
import io.twinberg.source.LoadResult.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestSourceListingTest {
  private static final String TOP = "/v1/p/namespaces?pageToken=";
  private static final String TABLES = "/v1/p/namespaces/a%1Fx%20y/tables?pageToken=";
  private static final String VIEWS = "/v1/p/namespaces/a%1Fx%20y/views?pageToken=";
  private static final String NAMESPACE = "/v1/p/namespaces/a%1Fx%20y";
  private static final Namespace AXY = Namespace.of("a", "x y");
  private static final String NONE = "{\"namespaces\":[],\"next-page-token\":null}";

  private FakeCatalogServer server;
  private RestSourceReader reader;

  @BeforeEach
  void start() throws IOException {
    server = new FakeCatalogServer();
    server.on("/v1/config", 200, "{\"overrides\":{\"prefix\":\"p\"}}");
    reader =
        new RestSourceReader(
            new RestSourceSettings(server.uri(), Optional.empty(), Identity.none()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void listNamespaces_pagesAndLevels_areAllRead() {
    server.on(TOP, 200, "{\"namespaces\":[[\"a\"]],\"next-page-token\":\"t/1 +$1\"}");
    server.on(TOP + "t%2F1%20%2B%241", 200, "{\"namespaces\":[[\"b.c\"]]}");
    server.on(TOP + "&parent=a", 200, "{\"namespaces\":[[\"a\",\"x y\"]]}");
    server.on(TOP + "&parent=a%1Fx%20y", 200, NONE);
    server.on(TOP + "&parent=b.c", 200, NONE);
    assertThat(namespaces()).containsExactly(Namespace.of("a"), Namespace.of("b.c"), AXY);
  }

  @Test
  void listNamespaces_serverIgnoresParent_ends() {
    String top = "{\"namespaces\":[[\"a\"],[\"b\"]]}";
    server.on(TOP, 200, top);
    server.on(TOP + "&parent=a", 200, top);
    server.on(TOP + "&parent=b", 200, top);
    assertThat(namespaces()).containsExactly(Namespace.of("a"), Namespace.of("b"));
  }

  @Test
  void listNamespaces_childDenied_failsAsAWhole() {
    server.on(TOP, 200, "{\"namespaces\":[[\"a\"]]}");
    server.on(TOP + "&parent=a", 403, "");
    assertThat(failure(reader.listNamespaces())).isInstanceOf(Denied.class);
  }

  @Test
  void listTables_pages_areAllRead() {
    server.on(TABLES, 200, page("t1", "next"));
    server.on(TABLES + "next", 200, page("t2", ""));
    assertThat(reader.listTables(AXY))
        .isEqualTo(
            new Listing.Listed<>(
                List.of(TableIdentifier.of(AXY, "t1"), TableIdentifier.of(AXY, "t2"))));
  }

  @Test
  void listTables_laterPageFails_isNoListing() {
    server.on(TABLES, 200, page("t1", "next"));
    server.on(TABLES + "next", 500, "");
    assertThat(failure(reader.listTables(AXY))).isInstanceOf(Unavailable.class);
  }

  @Test
  void listTables_tokenRepeats_isUnavailable() {
    server.on(TABLES, 200, page("t1", "again"));
    server.on(TABLES + "again", 200, page("t2", "again"));
    assertThat(failure(reader.listTables(AXY)).detail()).contains("repeats");
  }

  @Test
  void listTables_missingNamespace_isNotFound() {
    server.on(TABLES, 404, FakeCatalogServer.error("NoSuchNamespaceException", "a.x"));
    assertThat(failure(reader.listTables(AXY))).isInstanceOf(NotFound.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "oops",
        "{\"identifiers\":null}",
        "{\"identifiers\":[{\"name\":\"t\"}]}",
        "{\"identifiers\":[{\"namespace\":[\"a\"],\"name\":\"\"}]}",
        "{\"identifiers\":[{\"namespace\":[1],\"name\":\"t\"}]}"
      })
  void listTables_garbage_isNoEmptyListing(String body) {
    server.on(TABLES, 200, body);
    assertThat(failure(reader.listTables(AXY))).isInstanceOf(Unavailable.class);
  }

  private List<Namespace> namespaces() {
    Listing<Namespace> listing = reader.listNamespaces();
    assertThat(listing).isInstanceOf(Listing.Listed.class);
    return ((Listing.Listed<Namespace>) listing).items();
  }

  private static LoadResult.Failure failure(Listing<?> listing) {
    assertThat(listing).isInstanceOf(Listing.Failed.class);
    return ((Listing.Failed<?>) listing).failure();
  }

  private static String page(String table, String next) {
    return "{\"identifiers\":[{\"namespace\":[\"a\",\"x y\"],\"name\":\"%s\"}],\"next-page-token\":\"%s\"}"
        .formatted(table, next);
  }

  @Test
  void listViews_pages_areAllRead() {
    server.on(VIEWS, 200, page("v1", "next"));
    server.on(VIEWS + "next", 200, page("v2", ""));
    assertThat(reader.listViews(AXY))
        .isEqualTo(
            new Listing.Listed<>(
                List.of(TableIdentifier.of(AXY, "v1"), TableIdentifier.of(AXY, "v2"))));
  }

  @Test
  void listViews_catalogListsNoSuchEndpoint_isNotAsked() {
    server.on(
        "/v1/config",
        200,
        "{\"overrides\":{\"prefix\":\"p\"},\"endpoints\":[\"GET /v1/{prefix}/namespaces\"]}");
    assertThat(failure(reader.listViews(AXY))).isInstanceOf(NotFound.class);
    assertThat(server.targets()).containsExactly("/v1/config");
  }

  @Test
  void listViews_oldCatalogWithoutThem_isNoEmptyListing() {
    server.on(VIEWS, 404, "");
    assertThat(failure(reader.listViews(AXY))).isInstanceOf(NotFound.class);
    server.on(VIEWS, 500, "");
    assertThat(failure(reader.listViews(AXY))).isInstanceOf(Unavailable.class);
  }

  @Test
  void namespace_itsProperties_areRead() {
    server.on(NAMESPACE, 200, "{\"namespace\":[\"a\",\"x y\"],\"properties\":{\"k\":\"v\"}}");
    assertThat(reader.namespace(AXY)).isEqualTo(new NamespaceResult.Found(Map.of("k", "v")));
    server.on(NAMESPACE, 200, "{\"namespace\":[\"a\",\"x y\"],\"properties\":null}");
    assertThat(reader.namespace(AXY)).isEqualTo(new NamespaceResult.Found(Map.of()));
  }

  @Test
  void namespace_failures_areToldApart() {
    server.on(NAMESPACE, 404, "");
    assertThat(failure(reader.namespace(AXY))).isInstanceOf(NotFound.class);
    server.on(NAMESPACE, 403, "");
    assertThat(failure(reader.namespace(AXY))).isInstanceOf(Denied.class);
    server.on(NAMESPACE, 200, "oops");
    assertThat(failure(reader.namespace(AXY))).isInstanceOf(Unavailable.class);
  }

  private static LoadResult.Failure failure(NamespaceResult result) {
    assertThat(result).isInstanceOf(NamespaceResult.Failed.class);
    return ((NamespaceResult.Failed) result).failure();
  }

  @Test
  void loadView_metadata_isCutOutAsItIs() {
    String metadata = "{\"view-uuid\":\"u\", \"later\": 1.50}";
    server.on(
        "/v1/p/namespaces/a%1Fx%20y/views/v%2F1",
        200, "{\"metadata-location\":\"s3://m\",\"metadata\":" + metadata + ",\"config\":{}}");
    LoadResult.Loaded loaded = (LoadResult.Loaded) reader.loadView(TableIdentifier.of(AXY, "v/1"));
    assertThat(loaded.metadataLocation()).isEqualTo("s3://m");
    assertThat(loaded.tableUuid()).isEqualTo("u");
    assertThat(new String(loaded.metadata(), StandardCharsets.UTF_8)).isEqualTo(metadata);
  }

  @Test
  void loadView_missing_isNotFound() {
    server.on("/v1/p/namespaces/a%1Fx%20y/views/v", 404, "");
    assertThat(reader.loadView(TableIdentifier.of(AXY, "v"))).isInstanceOf(NotFound.class);
  }
}
