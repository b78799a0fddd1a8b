package io.twinberg.it.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.it.engine.SparkCatalog;
import io.twinberg.it.engine.SparkProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fixture catalog speaks as the real ones do where the reference server's launcher does not.
 */
class FixtureCatalogIT {
  private static final String TABLE =
      """
      {"name": "t", "schema": {"type": "struct", "schema-id": 0, "fields":
        [{"id": 1, "name": "id", "type": "long", "required": false}]}}""";

  @TempDir static Path directory;

  private static FixtureCatalog fixture;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    fixture =
        FixtureCatalog.start(
            FixtureSettings.onFolder(directory.resolve("catalog"), directory.resolve("warehouse")));
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void namespace_withSeparatorOfOldClients_isFound() throws Exception {
    post("/v1/namespaces", "{\"namespace\": [\"outer\"]}");
    post("/v1/namespaces", "{\"namespace\": [\"outer\", \"inner\"]}");

    assertThat(get("/v1/namespaces/outer%1Finner").body()).contains("[\"outer\",\"inner\"]");
    assertThat(get("/v1/namespaces/outer%2Einner").body()).contains("[\"outer\",\"inner\"]");
  }

  @Test
  void namespace_withSlashInItsName_isFound() throws Exception {
    post("/v1/namespaces", "{\"namespace\": [\"a/b%c\"]}");

    assertThat(get("/v1/namespaces/a%2Fb%25c").body()).contains("[\"a/b%c\"]");
  }

  @Test
  void table_unchangedSinceItsTag_isAnsweredWith304() throws Exception {
    post("/v1/namespaces", "{\"namespace\": [\"ns\"]}");
    post("/v1/namespaces/ns/tables", TABLE);
    String tag = get("/v1/namespaces/ns/tables/t").headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> second =
        send(request("/v1/namespaces/ns/tables/t").header("If-None-Match", tag));

    assertThat(second.statusCode()).isEqualTo(304);
  }

  @Test
  void warehouse_inLocalFolder_isWrittenBySpark() {
    SparkProcess spark = SparkProcess.shared();
    spark.session(SparkCatalog.of("folder", fixture.uri()));

    spark.run(
        "CREATE NAMESPACE folder.spark", "CREATE TABLE folder.spark.t USING iceberg AS SELECT 7 n");

    assertThat(spark.value("SELECT n FROM folder.spark.t")).isEqualTo(7L);
    assertThat(directory.resolve("warehouse/spark/t/data")).isNotEmptyDirectory();
  }

  @Test
  void stop_byEndOfInput_endsProcess() {
    assertThat(fixture.stop()).isZero(); // a killed process would have another status
    assertThat(fixture.isRunning()).isFalse();
    fixture.restart();
    assertThat(fixture.isRunning()).isTrue();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return successful(request(path));
  }

  private void post(String path, String json) throws IOException, InterruptedException {
    successful(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private HttpResponse<String> successful(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response;
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(fixture.uri() + path))
        .header("Accept-Encoding", "gzip");
  }
}
