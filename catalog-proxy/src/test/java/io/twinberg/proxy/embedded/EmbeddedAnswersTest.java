package io.twinberg.proxy.embedded;

import static io.twinberg.proxy.embedded.EmbeddedServer.SCHEMA;
import static io.twinberg.proxy.embedded.EmbeddedServer.append;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.iceberg.GenericStatisticsFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.Test;

/** What answers look like: tags, pages, errors. */
class EmbeddedAnswersTest extends EmbeddedEndpointContract {
  @Test
  void load_withKnownTag_isNotModifiedUntilTheTableChanges() {
    Table table = client.createTable(TABLE, SCHEMA);
    HttpResponse<String> first = server.get("v1/namespaces/ns/tables/t");
    String tag = first.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> second = server.get("v1/namespaces/ns/tables/t", "If-None-Match", tag);
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
    assertThat(
            server
                .get("v1/namespaces/ns/tables/t", "If-None-Match", "W/" + tag + ", \"x\"")
                .statusCode())
        .isEqualTo(304);
    assertThat(
            server
                .get("v1/namespaces/ns/tables/t?snapshots=refs", "If-None-Match", tag)
                .statusCode())
        .isEqualTo(200);
    append(table);
    assertThat(server.get("v1/namespaces/ns/tables/t", "If-None-Match", tag).statusCode())
        .isEqualTo(200);
  }

  @Test
  void load_withRefs_leavesOutHistoryEvenWithStatistics() {
    Table table = client.createTable(TABLE, SCHEMA);
    append(table);
    long first = table.currentSnapshot().snapshotId();
    table
        .updateStatistics()
        .setStatistics(
            new GenericStatisticsFile(
                first, table.location() + "/metadata/stats.puffin", 10, 5, List.of()))
        .commit();
    append(table);

    RESTCatalog lazy = server.client(Map.of("snapshot-loading-mode", "refs"));
    Table loaded = lazy.loadTable(TABLE);
    assertThat(server.get("v1/namespaces/ns/tables/t?snapshots=refs").body())
        .doesNotContain("\"snapshot-id\":" + first + ",\"sequence-number\"");
    assertThat(metadata(loaded).snapshots()).hasSize(2);
    assertThat(loaded.snapshot(first)).isNotNull();
    append(loaded);
    assertThat(snapshots(client.loadTable(TABLE))).isEqualTo(3);
  }

  @Test
  void listings_paged_areCompleteAndStable() {
    List<TableIdentifier> tables =
        IntStream.range(0, 5).mapToObj(i -> TableIdentifier.of(NS, "t" + i)).toList();
    tables.forEach(name -> client.createTable(name, SCHEMA));
    IntStream.range(0, 5).forEach(i -> client.createNamespace(Namespace.of("ns", "c" + i)));
    IntStream.range(0, 5).forEach(i -> createView(TableIdentifier.of(NS, "v" + i)));
    RESTCatalog paging = server.client(Map.of("rest-page-size", "2"));

    assertThat(paging.listTables(NS)).containsExactlyElementsOf(tables);
    assertThat(paging.listNamespaces(NS)).hasSize(5);
    assertThat(paging.listViews(NS)).hasSize(5);
    String first = server.get("v1/namespaces/ns/tables?pageToken=&pageSize=2").body();
    assertThat(first).contains("\"t0\"", "\"t1\"", "next-page-token").doesNotContain("\"t2\"");
    assertThat(server.get("v1/namespaces/ns/tables?pageSize=2").body()).contains("\"t4\"");
    assertThat(server.get("v1/namespaces/ns/tables?pageToken=*").statusCode()).isEqualTo(400);
    assertThat(server.get("v1/namespaces/ns/tables?pageToken=&pageSize=0").statusCode())
        .isEqualTo(400);
  }

  @Test
  void errors_always_haveTheSpecifiedStatusAndBody() {
    client.createTable(TABLE, SCHEMA);
    assertError(server.get("v1/namespaces/none"), 404, "NoSuchNamespaceException");
    assertError(server.get("v1/namespaces/none/tables"), 404, "NoSuchNamespaceException");
    assertError(server.get("v1/namespaces/ns/tables/x"), 404, "NoSuchTableException");
    assertError(server.get("v1/namespaces/ns/views/x"), 404, "NoSuchViewException");
    assertError(server.get("v1/namespaces/ns/tables/t/files"), 404, "NotFoundException");
    assertError(server.get("v1/unknown"), 404, "NotFoundException");
    assertError(server.send("PUT", "v1/namespaces", ""), 405, "UnsupportedOperationException");
    assertError(server.get("v1/namespaces/%ff"), 400, "IllegalArgumentException", "%ff");
    assertError(server.get("v1/namespaces/a%1F"), 400, "BadRequestException");
    assertError(server.send("POST", "v1/namespaces", "{"), 400, "BadRequestException");
    assertError(server.send("POST", "v1/namespaces", ""), 400, "BadRequestException");
    assertError(
        server.send("POST", "v1/namespaces", "{\"namespace\":[\"ns\"]}"),
        409,
        "AlreadyExistsException");
    assertError(
        server.send("POST", "v1/transactions/commit", "{\"table-changes\":[]}"),
        400,
        "IllegalArgumentException"); // which Iceberg's client gives to its caller as such
    assertError(
        server.send(
            "POST",
            "v1/namespaces/ns/tables/t",
            "{\"requirements\":[{\"type\":\"assert-table-uuid\",\"uuid\":\"x\"}],\"updates\":[]}"),
        409,
        "CommitFailedException");
    assertThat(server.send("HEAD", "v1/namespaces/none", "").statusCode()).isEqualTo(404);
    assertThat(server.send("HEAD", "v1/namespaces/ns/tables/t", "").statusCode()).isEqualTo(204);
    assertThat(server.send("POST", "v1/namespaces/ns/tables/t/metrics", "{}").statusCode())
        .isEqualTo(204);
  }

  @Test
  void internalFailure_always_tellsTheCallerNoDetails() {
    client.createTable(TABLE, SCHEMA);
    database.jdbi().useHandle(handle -> handle.execute("drop table iceberg_tables"));

    HttpResponse<String> read = server.get("v1/namespaces/ns/tables/t");
    HttpResponse<String> write =
        server.send("POST", "v1/namespaces/ns/tables/t", "{\"requirements\":[],\"updates\":[]}");

    assertError(read, 500, "InternalServerError");
    assertError(write, 500, "CommitStateUnknownException");
    assertThat(read.body() + write.body()).doesNotContain("jdbc", "iceberg_tables");
  }

  private static void assertError(
      HttpResponse<String> answer, int status, String type, String... words) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body())
        .startsWith("{\"error\":{\"message\":")
        .contains("\"type\":\"" + type + "\"", "\"code\":" + status);
    List.of(words).forEach(word -> assertThat(answer.body()).contains(word));
  }
}
