package io.twinberg.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.identity.Identity;
import io.twinberg.source.LoadResult.Denied;
import io.twinberg.source.LoadResult.Loaded;
import io.twinberg.source.LoadResult.NotFound;
import io.twinberg.source.LoadResult.NotModified;
import io.twinberg.source.LoadResult.Unavailable;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestSourceReaderTest {
  private static final String CONFIG = "/v1/config?warehouse=second";
  private static final String TABLE =
      "/v1/main%7Csecond/namespaces/n1%1Fdeep/tables/t2?snapshots=all";
  private static final TableIdentifier ID = TableIdentifier.of(Namespace.of("n1", "deep"), "t2");
  // Odd spacing, digits and unknown fields: the bytes must come through as they are.
  private static final String METADATA =
      "{ \"table-uuid\":\"u-1\", \"é😀\": 1.10, \"big\":123456789012345678901234567890 }";
  private static final String LOADED =
      "{\"config\":{\"secret\":\"é}\"},\"metadata\": %s , \"metadata-location\":\"s3://b/m.json\"}"
          .formatted(METADATA);

  private FakeCatalogServer server;
  private RestSourceReader reader;

  @BeforeEach
  void start() throws IOException {
    server = new FakeCatalogServer();
    server.on(CONFIG, 200, "{\"defaults\":{\"prefix\":\"main%7Csecond\"},\"overrides\":{}}");
    server.on(TABLE, 200, LOADED);
    reader = reader(Duration.ofSeconds(30), 1 << 20);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void load_prefixThatIsAlreadyEncoded_isUsedAsGiven() {
    Loaded loaded = loaded(reader.load(ID));
    assertThat(loaded.metadataLocation()).isEqualTo("s3://b/m.json");
    assertThat(loaded.tableUuid()).isEqualTo("u-1");
    assertThat(server.targets()).containsExactly(CONFIG, TABLE);
  }

  @Test
  void load_metadata_isCutOutToTheByte() {
    Loaded loaded = loaded(reader.load(ID));
    assertThat(new String(loaded.metadata(), StandardCharsets.UTF_8)).isEqualTo(METADATA);
    assertThat(new String(MetadataJson.write(loaded.tree()), StandardCharsets.UTF_8))
        .isEqualTo(METADATA.replace(" ", ""));
  }

  @Test
  void load_twice_asksForTheConfigOnce() {
    loaded(reader.load(ID));
    loaded(reader.load(ID));
    assertThat(server.targets()).containsExactly(CONFIG, TABLE, TABLE);
  }

  @Test
  void load_overridePrefixAndSeparator_winOverDefaults() {
    server.on(
        CONFIG,
        200,
        "{\"defaults\":{\"prefix\":\"no\"},"
            + "\"overrides\":{\"prefix\":\"yes\",\"namespace-separator\":\"%2E\"}}");
    server.on("/v1/yes/namespaces/n1%2Edeep/tables/t2?snapshots=all", 200, LOADED);
    server.on("/v1/yes/namespaces/n.1%1Fdeep/tables/a%20%2F.b?snapshots=all", 200, LOADED);
    loaded(reader.load(ID));
    loaded(reader.load(TableIdentifier.of(Namespace.of("n.1", "deep"), "a /.b")));
  }

  @Test
  void load_noPrefixNoWarehouse_usesThePlainPaths() {
    server.on("/v1/config", 200, "{\"defaults\":{},\"overrides\":{}}");
    server.on("/v1/namespaces/n/tables/t?snapshots=all", 200, LOADED);
    var plain =
        new RestSourceReader(
            new RestSourceSettings(
                URI.create(server.uri() + "/"), Optional.empty(), Identity.none()));
    loaded(plain.load(TableIdentifier.of("n", "t")));
  }

  @Test
  void load_bearer_sendsTheToken() {
    List<String> tokens = new CopyOnWriteArrayList<>();
    server.on(
        TABLE,
        exchange -> {
          tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
          FakeCatalogServer.reply(exchange, 200, LOADED);
        });
    loaded(reader.load(ID));
    assertThat(tokens).containsExactly("Bearer s3cret");
  }

  @Test
  void loadIfChanged_sameETag_isNotModified() {
    server.on(
        TABLE,
        exchange -> {
          exchange.getResponseHeaders().add("ETag", "\"e1\"");
          boolean same = "\"e1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
          FakeCatalogServer.reply(exchange, same ? 304 : 200, same ? "" : LOADED);
        });
    String etag = loaded(reader.load(ID)).etag().orElseThrow();
    assertThat(reader.loadIfChanged(ID, etag)).isInstanceOf(NotModified.class);
    assertThat(reader.loadIfChanged(ID, "\"e0\"")).isInstanceOf(Loaded.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 419})
  void load_refused_isDeniedWithTheStatus(int status) {
    server.on(TABLE, status, FakeCatalogServer.error("ForbiddenException", "no"));
    assertThat(reader.load(ID))
        .isInstanceOfSatisfying(
            Denied.class,
            denied -> {
              assertThat(denied.status()).isEqualTo(status);
              assertThat(denied.detail()).contains("ForbiddenException: no");
            });
  }

  @Test
  void load_missing_isNotFoundWithTheSourcesWords() {
    server.on(TABLE, 404, FakeCatalogServer.error("NoSuchTableException", "gone"));
    assertThat(reader.load(ID))
        .isInstanceOfSatisfying(
            NotFound.class, f -> assertThat(f.detail()).contains("NoSuchTableException: gone"));
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304, 400, 429, 500, 503})
  void load_otherStatus_isUnavailableWithTheStatus(int status) {
    server.on(TABLE, status, "");
    assertThat(unavailable(reader.load(ID)).status()).contains(status);
  }

  @Test
  void load_redirect_isNotFollowed() {
    server.on(
        TABLE,
        exchange -> {
          exchange.getResponseHeaders().add("Location", server.uri() + "/elsewhere");
          FakeCatalogServer.reply(exchange, 307, "");
        });
    server.on("/elsewhere", 200, LOADED);
    assertThat(unavailable(reader.load(ID)).status()).contains(307);
    assertThat(server.targets()).doesNotContain("/elsewhere");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>",
        "{",
        "[]",
        "{}",
        "{\"metadata\":{\"table-uuid\":\"u\"}}",
        "{\"metadata-location\":\"l\",\"metadata\":{}}",
        "{\"metadata-location\":\"l\",\"metadata\":[]}",
        "{\"metadata-location\":\"l\",\"metadata\":{\"table-uuid\":\"u\"}} x",
        "{\"metadata-location\":\"l\",\"metadata\":{\"table-uuid\":\"u\"}"
      })
  void load_garbage_isUnavailable(String body) {
    server.on(TABLE, 200, body);
    assertThat(unavailable(reader.load(ID)).detail()).contains("unusable body");
  }

  @Test
  void load_bodyOverTheLimit_isUnavailable() {
    RestSourceReader small = reader(Duration.ofSeconds(30), LOADED.length() / 2);
    assertThat(unavailable(small.load(ID)).detail()).contains("exceeds");
  }

  @Test
  void load_bodyThatStallsAfterItsHeaders_endsWithTheTimeout() {
    server.on(
        TABLE,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          server.stall();
        });
    assertThat(unavailable(reader(Duration.ofMillis(300), 1 << 20).load(ID)).detail())
        .contains("no complete answer within PT0.3S");
  }

  @Test
  void load_noServer_isUnavailable() {
    server.close();
    assertThat(unavailable(reader.load(ID)).cause()).isPresent();
  }

  @Test
  void load_noCatalogAtTheUri_isUnavailableAndNotAMissingTable() {
    server.on(CONFIG, 404, "no such page");
    assertThat(unavailable(reader.load(ID)).status()).contains(404);
  }

  @Test
  void load_configDenied_isDeniedAndAskedForAgain() {
    server.on(CONFIG, 403, "");
    assertThat(reader.load(ID)).isInstanceOf(Denied.class);
    server.on(CONFIG, 200, "{\"overrides\":{\"prefix\":\"main%7Csecond\"}}");
    loaded(reader.load(ID));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a?b", "a b", "a/../b", "a#"})
  void load_prefixThatIsNoPath_isUnavailable(String prefix) {
    server.on(CONFIG, 200, "{\"overrides\":{\"prefix\":\"" + prefix + "\"}}");
    assertThat(unavailable(reader.load(ID)).detail()).contains("is not a URI path");
  }

  @Test
  void load_nameThatCannotBeAddressed_isUnavailable() {
    unavailable(reader.load(TableIdentifier.of(Namespace.of("a\u001fb"), "t")));
    unavailable(reader.load(TableIdentifier.of(Namespace.empty(), "t")));
  }

  private RestSourceReader reader(Duration timeout, int maxBody) {
    return new RestSourceReader(
        new RestSourceSettings(
            server.uri(), Optional.of("second"), Identity.bearer("s3cret"), timeout, maxBody));
  }

  private static Loaded loaded(LoadResult result) {
    assertThat(result).isInstanceOf(Loaded.class);
    return (Loaded) result;
  }

  private static Unavailable unavailable(LoadResult result) {
    assertThat(result).isInstanceOf(Unavailable.class);
    return (Unavailable) result;
  }
}
