package io.twinberg.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.identity.Identity;
import io.twinberg.source.LoadResult.Loaded;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a catalog vends with a table arrives, where it was asked for, and is never printed. */
class VendingReaderTest {
  private static final TableIdentifier ID = TableIdentifier.of("n", "t");
  private static final String TABLE = "/v1/namespaces/n/tables/t?snapshots=all";
  private static final String CREDENTIALS = "/v1/namespaces/n/tables/t/credentials";
  private static final String ENDPOINTS =
      "{\"endpoints\":[\"GET /v1/{prefix}/namespaces/{namespace}/tables/{table}/credentials\"]}";
  private static final String SCOPED =
      """
      {"storage-credentials":[
        {"prefix":"s3://lake/t","config":{"s3.access-key-id":"k1","s3.secret-access-key":"hush1",
          "s3.session-token":"hush2","s3.session-token-expires-at-ms":"5000"}},
        {"prefix":"s3://lake/t/deep/","config":{"s3.access-key-id":"k2","s3.secret-access-key":"hush3"}},
        {"prefix":"gs://lake","config":{"gcs.oauth2.token":"hush4"}}]}
      """;

  private final List<String> delegations = new CopyOnWriteArrayList<>();
  private FakeCatalogServer server;
  private RestSourceReader reader;

  @BeforeEach
  void start() throws IOException {
    server = new FakeCatalogServer();
    server.on("/v1/config", 200, "{}");
    reader = RestSourceReader.vending(settings());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RestSourceSettings settings() {
    return new RestSourceSettings(server.uri(), Optional.empty(), Identity.none());
  }

  private void onLoad(String more) {
    on(
        TABLE,
        200,
        "{\"metadata-location\":\"s3://b/m\",\"metadata\":{\"table-uuid\":\"u\"}" + more + "}");
  }

  private void on(String target, int status, String body) {
    server.on(
        target,
        exchange -> {
          String asked = exchange.getRequestHeaders().getFirst("X-Iceberg-Access-Delegation");
          delegations.add(String.valueOf(asked));
          FakeCatalogServer.reply(exchange, status, body);
        });
  }

  private TableCredentials loaded() {
    return ((Loaded) reader.load(ID)).credentials();
  }

  @Test
  void load_vending_asksForCredentialsAndTakesTheLongestPrefix() {
    onLoad("," + SCOPED.strip().substring(1, SCOPED.strip().length() - 1));
    TableCredentials credentials = loaded();
    assertThat(delegations).containsExactly("vended-credentials");
    assertThat(keyOf(credentials, "s3://lake/t/data/f")).contains("k1");
    assertThat(keyOf(credentials, "s3a://lake/t/deep/f")).contains("k2");
    assertThat(keyOf(credentials, "s3://elsewhere/f")).isEmpty();
    assertThat(keyOf(credentials, "gs://lake/f")).isEmpty();
    assertThat(credentials.expiresAt()).contains(Instant.ofEpochMilli(5000));
  }

  @Test
  void load_keysInConfigOnly_areForAllOfTheTable() {
    onLoad(
        ",\"config\":{\"s3.access-key-id\":\"k\",\"s3.secret-access-key\":\"s\",\"client.region\":\"eu\","
            + "\"s3.endpoint\":\"http://store\",\"client.credentials-provider\":\"evil.Class\"}");
    assertThat(loaded().settings("s3://any/f"))
        .contains(
            Map.of(
                "s3.access-key-id", "k",
                "s3.secret-access-key", "s",
                "s3.region", "eu",
                "s3.endpoint", "http://store"));
  }

  @Test
  void load_halfAPair_isNone() {
    onLoad(",\"config\":{\"s3.access-key-id\":\"k\"}");
    assertThat(loaded().isEmpty()).isTrue();
  }

  @Test
  void load_static_neitherAsksNorTakes() {
    onLoad(",\"config\":{\"s3.access-key-id\":\"k\",\"s3.secret-access-key\":\"s\"}");
    reader = new RestSourceReader(settings());
    assertThat(loaded()).isEqualTo(TableCredentials.NONE);
    assertThat(delegations).containsExactly("null");
  }

  @Test
  void renewal_endpointListed_isAskedAndThePlaceStays() {
    server.on("/v1/config", 200, ENDPOINTS);
    onLoad(
        ",\"config\":{\"s3.access-key-id\":\"k\",\"s3.secret-access-key\":\"s\",\"s3.endpoint\":\"http://store\"}");
    on(CREDENTIALS, 200, SCOPED);
    TableCredentials first = vended(TableCredentials.NONE);
    TableCredentials renewed = vended(first);
    assertThat(server.targets()).containsExactly("/v1/config", TABLE, CREDENTIALS);
    assertThat(delegations).containsOnly("vended-credentials");
    assertThat(keyOf(first, "s3://lake/t/f")).contains("k");
    assertThat(renewed.settings("s3://lake/t/f").orElseThrow())
        .containsEntry("s3.access-key-id", "k1")
        .containsEntry("s3.endpoint", "http://store");
  }

  @Test
  void renewal_endpointNotListed_isALoad() {
    onLoad(",\"config\":{\"s3.access-key-id\":\"k\",\"s3.secret-access-key\":\"s\"}");
    vended(vended(TableCredentials.NONE));
    assertThat(server.targets()).containsExactly("/v1/config", TABLE, TABLE);
  }

  @Test
  void renewal_endpointListedButBroken_isALoad() {
    server.on("/v1/config", 200, ENDPOINTS);
    on(CREDENTIALS, 400, "{}");
    onLoad(",\"config\":{\"s3.access-key-id\":\"k\",\"s3.secret-access-key\":\"s\"}");
    TableCredentials renewed = vended(vended(TableCredentials.NONE));
    assertThat(keyOf(renewed, "s3://x")).contains("k");
    assertThat(server.targets()).containsExactly("/v1/config", TABLE, CREDENTIALS, TABLE);
  }

  @Test
  void credentials_notLoadable_saysHow() {
    on(TABLE, 403, FakeCatalogServer.error("ForbiddenException", "no"));
    assertThat(reader.credentials(ID, TableCredentials.NONE))
        .isInstanceOfSatisfying(
            Vending.Failed.class,
            failed -> assertThat(failed.failure()).isInstanceOf(LoadResult.Denied.class));
  }

  @Test
  void toString_ofEverything_hidesKeys() {
    onLoad("," + SCOPED.strip().substring(1, SCOPED.strip().length() - 1));
    LoadResult loaded = reader.load(ID);
    String printed =
        loaded + " " + loaded() + " " + loaded().scopes() + new Vending.Vended(loaded());
    assertThat(printed).contains("s3://lake/t").doesNotContain("hush").doesNotContain("k1");
  }

  private TableCredentials vended(TableCredentials before) {
    return ((Vending.Vended) reader.credentials(ID, before)).credentials();
  }

  private static Optional<String> keyOf(TableCredentials credentials, String location) {
    return credentials.settings(location).map(settings -> settings.get("s3.access-key-id"));
  }
}
