package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.engine.JavaHome;
import io.twinberg.it.engine.TrinoServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trino writes through the proxy and reads replicas. */
@Tag("trino")
class TrinoIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** What a client says by itself, when a catalog's config does not list what a call needs. */
  private static final String NO_SUCH_ENDPOINT = "Server does not support endpoint";

  private static TrinoServer trino;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    Optional<JavaHome> java = JavaHome.atLeast(TrinoServer.JAVA);
    assumeTrue(java.isPresent(), () -> JavaHome.needs("Trino", TrinoServer.JAVA));
    trino = TrinoServer.start(java.orElseThrow());
  }

  @AfterAll
  static void stop() {
    if (trino != null) {
      trino.close();
    }
  }

  @Test
  void tables_onTheFixture_areWrittenThroughTheProxyAndReadFromTheReplica() {
    try (StorePair stores = StorePair.start(folder);
        FixtureCatalog fixture = fixture(stores);
        RunningTwinberg twinberg =
            RunningTwinberg.start(Setup.upstream(folder, stores, fixture.uri()))) {
      attach("lake", twinberg, stores, Map.of());
      trino.catalog(
          "eu", twinberg.catalog(Setup.DESTINATION), stores.destination().properties(), Map.of());
      write("lake");
      writeNested("lake");
      awaitReplica(twinberg, "shop", "orders");
      awaitReplica(twinberg, "shop", "copy");

      assertThat(rows("eu.shop.orders")).isEqualTo(rows("lake.shop.orders")).hasSize(5);
      assertThat(rows("eu.shop.copy")).isEqualTo(rows("lake.shop.copy")).hasSize(5);
      assertThat(trino.rows("SHOW TABLES FROM eu.shop"))
          .contains(List.of("orders"), List.of("copy"));
      assertReadOnly("eu");
      deleteAndUpdate("lake");
      assertAttachedByWarehouse(twinberg, stores);
      detach("lake", "eu");
    }
  }

  @Test
  void tables_onNessie_areWrittenThroughTheProxyAndReadFromTheReplica() {
    try (NessieUnderTest nessie = NessieUnderTest.start(folder)) {
      attach("nessie_lake", nessie.twinberg(), nessie.stores(), Map.of());
      trino.catalog(
          "nessie_eu",
          nessie.twinberg().catalog(Setup.DESTINATION),
          nessie.stores().destination().properties(),
          Map.of());
      write("nessie_lake");
      writeNested("nessie_lake");
      awaitReplica(nessie.twinberg(), "shop", "orders");

      assertThat(rows("nessie_eu.shop.orders"))
          .isEqualTo(rows("nessie_lake.shop.orders"))
          .hasSize(5);
      assertReadOnly("nessie_eu");
      detach("nessie_lake", "nessie_eu");
    }
  }

  /** Trino asks for tokens first, again for each query, and sends what it gets. */
  @Test
  void credential_forwardedToTheCatalogsTokenEndpoint_opensTheSource() {
    try (StorePair stores = StorePair.start(folder);
        FixtureCatalog fixture = fixture(stores);
        RunningTwinberg twinberg =
            RunningTwinberg.start(Setup.upstream(folder, stores, fixture.uri()))) {
      attach(
          "secured",
          twinberg,
          stores,
          Map.of(
              "iceberg.rest-catalog.security", "OAUTH2",
              "iceberg.rest-catalog.oauth2.credential", "client:secret",
              "iceberg.rest-catalog.oauth2.scope", "catalog"));
      trino.run(
          "CREATE SCHEMA secured.shop",
          "CREATE TABLE secured.shop.t (id BIGINT)",
          "INSERT INTO secured.shop.t VALUES 1, 2");

      assertThat(rows("secured.shop.t")).containsExactly(List.of(1L), List.of(2L));
      detach("secured");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "credential"})
  void tokenOfTwinberg_inEitherForm_opensWhatItIsGranted(String form) {
    String access =
        """
        access:
          tokens:
            - { name: etl, secret: etl-secret, grants: ["write:lake"] }
            - { name: analyst, secret: analyst-secret, grants: ["read:eu"] }
        """;
    try (StorePair stores = StorePair.start(folder);
        RunningTwinberg twinberg =
            RunningTwinberg.start(Setup.embedded(folder, stores).with(access))) {
      attach("granted", twinberg, stores, secured(form, "etl"));
      trino.catalog(
          "granted_eu",
          twinberg.catalog(Setup.DESTINATION),
          stores.destination().properties(),
          secured(form, "analyst"));
      trino.run(
          "CREATE SCHEMA granted.shop",
          "CREATE TABLE granted.shop.t (id BIGINT)",
          "INSERT INTO granted.shop.t VALUES 1, 2");

      await("rows of the replica")
          .atMost(LIMIT)
          .ignoreExceptionsInstanceOf(AssertionError.class)
          .until(() -> trino.rows("SELECT id FROM granted_eu.shop.t").size() == 2);
      attach("refused", twinberg, stores, secured(form, "analyst"));
      assertThat(trino.error("SHOW SCHEMAS FROM refused")).contains("ForbiddenException");
      detach("granted", "granted_eu", "refused");
    }
  }

  private static Map<String, String> secured(String form, String name) {
    String secret = name + "-secret";
    return Map.of(
        "iceberg.rest-catalog.security",
        "OAUTH2",
        "iceberg.rest-catalog.oauth2." + form,
        form.equals("token") ? secret : name + ":" + secret);
  }

  private FixtureCatalog fixture(StorePair stores) {
    return FixtureCatalog.start(
        FixtureSettings.onS3(
            folder.resolve("fixture"), StorePair.WAREHOUSE, stores.source().properties()));
  }

  private static void attach(
      String name, RunningTwinberg twinberg, StorePair stores, Map<String, String> more) {
    trino.catalog(name, twinberg.catalog(Setup.SOURCE), stores.source().properties(), more);
  }

  private static void write(String catalog) {
    String shop = catalog + ".shop";
    trino.run(
        "CREATE SCHEMA " + shop,
        "CREATE TABLE %s.orders (id BIGINT, region VARCHAR, amount DOUBLE)".formatted(shop)
            + " WITH (partitioning = ARRAY['region'])",
        "INSERT INTO %s.orders VALUES (1, 'eu', 1.5), (2, 'us', 2.5)".formatted(shop),
        "INSERT INTO %s.orders VALUES (3, 'eu', NULL)".formatted(shop),
        "ALTER TABLE %s.orders ADD COLUMN note VARCHAR".formatted(shop),
        "INSERT INTO %1$s.orders SELECT id + 10, region, amount, 'again' FROM %1$s.orders WHERE id < 3"
            .formatted(shop),
        "CREATE TABLE %1$s.copy AS SELECT * FROM %1$s.orders".formatted(shop));
  }

  private static void writeNested(String catalog) {
    trino.run(
        "CREATE SCHEMA %s.\"shop.inner\"".formatted(catalog),
        "CREATE TABLE %s.\"shop.inner\".t (id BIGINT)".formatted(catalog),
        "INSERT INTO %s.\"shop.inner\".t VALUES 7".formatted(catalog),
        "CREATE VIEW %1$s.shop.large AS SELECT id FROM %1$s.shop.orders WHERE id > 10"
            .formatted(catalog));
    assertThat(rows(catalog + ".\"shop.inner\".t")).containsExactly(List.of(7L));
    assertThat(rows(catalog + ".shop.large")).containsExactly(List.of(11L), List.of(12L));
    trino.run(
        "ALTER TABLE %1$s.\"shop.inner\".t RENAME TO %1$s.\"shop.inner\".renamed"
            .formatted(catalog),
        "DROP VIEW %s.shop.large".formatted(catalog),
        "DROP TABLE %s.\"shop.inner\".renamed".formatted(catalog));
  }

  /** Row-level deletes, as Trino writes them. */
  private static void deleteAndUpdate(String catalog) {
    trino.run(
        "DELETE FROM %s.shop.copy WHERE id = 1".formatted(catalog),
        "UPDATE %s.shop.copy SET note = 'changed' WHERE id = 2".formatted(catalog));
    assertThat(trino.rows("SELECT id, note FROM %s.shop.copy WHERE id < 3".formatted(catalog)))
        .containsExactly(List.of(2L, "changed"));
  }

  private static void assertReadOnly(String catalog) {
    assertThat(
            trino.error("INSERT INTO %s.shop.orders VALUES (9, 'eu', 9, 'x')".formatted(catalog)))
        .isNotEmpty();
    assertThat(trino.error("CREATE TABLE %s.shop.mine (id BIGINT)".formatted(catalog)))
        .contains(NO_SUCH_ENDPOINT);
    assertThat(trino.error("CREATE SCHEMA %s.mine".formatted(catalog))).contains(NO_SUCH_ENDPOINT);
    assertThat(trino.error("DROP TABLE %s.shop.orders".formatted(catalog)))
        .contains(NO_SUCH_ENDPOINT);
  }

  private static void assertAttachedByWarehouse(RunningTwinberg twinberg, StorePair stores) {
    trino.catalog(
        "by_name",
        twinberg.base(),
        stores.destination().properties(),
        Map.of("iceberg.rest-catalog.warehouse", Setup.DESTINATION));
    assertThat(rows("by_name.shop.orders")).hasSize(5);
    detach("by_name");
  }

  private static void detach(String... catalogs) {
    for (String catalog : catalogs) {
      trino.run("DROP CATALOG " + catalog);
    }
  }

  private static List<List<Object>> rows(String table) {
    return trino.rows("SELECT * FROM " + table + " ORDER BY 1");
  }

  private static void awaitReplica(RunningTwinberg twinberg, String namespace, String table) {
    TableHistory source = twinberg.reads(Setup.SOURCE).history(namespace, table).orElseThrow();
    await("replica of " + namespace + "." + table)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () ->
                assertThat(twinberg.reads(Setup.DESTINATION).history(namespace, table))
                    .map(TableHistory::lastSequenceNumber)
                    .contains(source.lastSequenceNumber()));
  }
}
