package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.engine.FinishedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.view.SQLViewRepresentation;
import org.apache.iceberg.view.View;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, namespaces and views through the whole server, as Iceberg's own REST client sees them. */
class NamesIT {
  private static final Namespace SHOP = Namespace.of("shop");
  private static final TableIdentifier LEFT = TableIdentifier.of(SHOP, "left");
  private static final TableIdentifier RIGHT = TableIdentifier.of(SHOP, "right");
  private static final TableIdentifier BETWEEN = TableIdentifier.of(SHOP, "between");
  private static final TableIdentifier TWIN = TableIdentifier.of(SHOP, "twin");
  private static final TableIdentifier TOTALS = TableIdentifier.of(SHOP, "totals");
  private static final TableIdentifier SUMS = TableIdentifier.of(SHOP, "sums");
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  @TempDir private Path folder;

  private StorePair stores;
  private RESTCatalog source;
  private RESTCatalog replicas;

  @BeforeEach
  void startStores() {
    stores = StorePair.start(folder);
  }

  @AfterEach
  void stopStores() {
    stores.destination().close();
  }

  @Test
  void names_ofAnUpstream_areFollowed() throws IOException {
    try (FixtureCatalog fixture =
            FixtureCatalog.start(
                FixtureSettings.onS3(
                    folder.resolve("fixture"), StorePair.WAREHOUSE, stores.source().properties()));
        RunningTwinberg twinberg =
            RunningTwinberg.start(Setup.upstream(folder, stores, fixture.uri()))) {
      connect(twinberg);
      followNames();
      disconnect();
    }
    stores.source().stop();
  }

  @Test
  void names_ofAnEmbeddedSource_areFollowedAndRecovered() throws IOException {
    Setup setup = Setup.embedded(folder, stores);
    List<TableIdentifier> odd =
        List.of(
            TableIdentifier.of(Namespace.of("a.b", "c d"), "t.u v%"),
            TableIdentifier.of(Namespace.of("a", "b.c d"), "t-0"),
            TableIdentifier.of(Namespace.of("ünï", "表"), "🎉 %2F+x"));
    Map<String, String> properties;
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup)) {
      connect(twinberg);
      followNames();
      odd.forEach(this::create);
      odd.forEach(this::assertFollows);
      assertOddListings();
      properties = replicas.loadNamespaceMetadata(SHOP);
      awaitPointers(twinberg);
      disconnect();
    }
    stores.source().stop();
    deleteDatabase(setup);

    FinishedJvm recover =
        TwinbergCommand.run(
            folder, "recover", "--config", setup.file().toString(), "--destination", "eu");

    assertThat(recover.exit()).as(recover.err()).isZero();
    assertThat(recover.out()).contains("recovered shop.sums at position ", " namespaces recovered");
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup)) {
      connect(twinberg);
      odd.forEach(name -> assertThat(replicas.loadTable(name).currentSnapshot()).isNotNull());
      assertThat(sql(replicas.loadView(SUMS))).isEqualTo("select 2");
      assertThat(replicas.loadNamespaceMetadata(SHOP)).isEqualTo(properties);
      assertThat(archived()).isNotNull();
      disconnect();
    }
  }

  private void connect(RunningTwinberg twinberg) {
    source = CatalogClient.of(twinberg.catalog(Setup.SOURCE), stores.source().properties());
    replicas =
        CatalogClient.of(twinberg.catalog(Setup.DESTINATION), stores.destination().properties());
  }

  private void disconnect() throws IOException {
    source.close();
    replicas.close();
  }

  private void followNames() {
    followNamespaces();
    followSwap();
    followRegister();
    followDropAndCreate();
    followViews();
  }

  private void followNamespaces() {
    // The client asks its map for null, which Map.of refuses.
    source.createNamespace(
        SHOP,
        new HashMap<>(
            Map.of(
                "owner",
                "jo",
                "location",
                StorePair.WAREHOUSE + "/shop",
                "copy",
                "s3://lake/copy")));
    eventually(
        () ->
            assertThat(replicas.loadNamespaceMetadata(SHOP))
                .containsEntry("owner", "jo")
                .containsEntry("location", StorePair.REPLICAS + "/shop")
                .doesNotContainKey("copy"));
    source.setProperties(SHOP, new HashMap<>(Map.of("owner", "mo")));
    source.removeProperties(SHOP, new HashSet<>(Set.of("copy")));
    eventually(() -> assertThat(replicas.loadNamespaceMetadata(SHOP)).containsEntry("owner", "mo"));
    Namespace shortLived = Namespace.of("short lived");
    source.createNamespace(shortLived, new HashMap<>());
    eventually(() -> assertThat(replicas.listNamespaces()).contains(SHOP, shortLived));
    source.dropNamespace(shortLived);
    eventually(() -> assertThat(replicas.namespaceExists(shortLived)).isFalse());
  }

  private Table create(TableIdentifier name) {
    if (!source.namespaceExists(name.namespace())) {
      for (int i = 1; i <= name.namespace().length(); i++) {
        Namespace level =
            Namespace.of(Stream.of(name.namespace().levels()).limit(i).toArray(String[]::new));
        if (!source.namespaceExists(level)) {
          source.createNamespace(level, new HashMap<>());
        }
      }
    }
    Table table = source.createTable(name, SCHEMA);
    CatalogClient.append(table);
    return table;
  }

  /** The replica under a name comes to show the table that the source has under it. */
  private void assertFollows(TableIdentifier name) {
    Table table = source.loadTable(name);
    eventually(
        () -> {
          assertThat(replicas.tableExists(name)).as("%s", name).isTrue();
          Table replica = replicas.loadTable(name);
          assertThat(replica.uuid()).isEqualTo(table.uuid());
          assertThat(replica.currentSnapshot()).isEqualTo(table.currentSnapshot());
        });
    Table replica = replicas.loadTable(name);
    assertThat(replica.location()).startsWith(StorePair.REPLICAS + "/");
    assertThat(replica.currentSnapshot().allManifests(replica.io())).isNotEmpty();
  }

  private void followSwap() {
    create(LEFT);
    create(RIGHT);
    assertFollows(LEFT);
    assertFollows(RIGHT);
    String left = replicas.loadTable(LEFT).location();
    String right = replicas.loadTable(RIGHT).location();
    source.renameTable(LEFT, BETWEEN);
    source.renameTable(RIGHT, LEFT);
    source.renameTable(BETWEEN, RIGHT);
    CatalogClient.append(source.loadTable(LEFT));
    assertFollows(LEFT);
    assertFollows(RIGHT);
    assertThat(replicas.loadTable(LEFT).location()).isEqualTo(right);
    assertThat(replicas.loadTable(RIGHT).location()).isEqualTo(left);
    assertThat(replicas.tableExists(BETWEEN)).isFalse();
    assertThat(replicas.listTables(SHOP)).containsExactly(LEFT, RIGHT);
  }

  private void followRegister() {
    String file = CatalogClient.metadataLocation(source.loadTable(LEFT));
    source.registerTable(TWIN, file);
    CatalogClient.append(source.loadTable(TWIN));
    assertFollows(TWIN);
    assertFollows(LEFT);
    assertThat(replicas.loadTable(TWIN).location())
        .isNotEqualTo(replicas.loadTable(LEFT).location());
  }

  private void followDropAndCreate() {
    String before = replicas.loadTable(RIGHT).location();
    source.dropTable(RIGHT, true);
    create(RIGHT);
    assertFollows(RIGHT);
    assertThat(replicas.loadTable(RIGHT).location()).isNotEqualTo(before);
    assertThat(archived().location()).isEqualTo(before);
  }

  /** The one table that had to make way, which can still be read. */
  private Table archived() {
    List<TableIdentifier> names =
        replicas.listTables(SHOP).stream()
            .filter(name -> name.name().startsWith("right__archived_"))
            .toList();
    assertThat(names).hasSize(1);
    Table table = replicas.loadTable(names.get(0));
    assertThat(table.currentSnapshot().allManifests(table.io())).isNotEmpty();
    return table;
  }

  private void followViews() {
    View view =
        source
            .buildView(TOTALS)
            .withSchema(SCHEMA)
            .withQuery("spark", "select 1")
            .withDefaultNamespace(SHOP)
            .create();
    eventually(() -> assertThat(replicas.viewExists(TOTALS)).isTrue());
    view.replaceVersion()
        .withSchema(SCHEMA)
        .withQuery("spark", "select 2")
        .withDefaultNamespace(SHOP)
        .commit();
    eventually(() -> assertThat(sql(replicas.loadView(TOTALS))).isEqualTo("select 2"));
    View replica = replicas.loadView(TOTALS);
    assertThat(replica.uuid()).isEqualTo(view.uuid());
    assertThat(replica.versions()).hasSize(2);
    assertThat(replica.location()).startsWith(StorePair.REPLICAS + "/shop/totals-");
    assertThat(replicas.tableExists(TOTALS)).isFalse();
    source.renameView(TOTALS, SUMS);
    eventually(() -> assertThat(replicas.listViews(SHOP)).containsExactly(SUMS));
    assertThat(replicas.viewExists(TOTALS)).isFalse();
    assertThat(replicas.loadView(SUMS).location()).isEqualTo(replica.location());
    assertRefused(() -> replicas.dropView(SUMS));
    assertRefused(() -> replicas.renameView(SUMS, TOTALS));
    assertRefused(() -> replicas.createNamespace(Namespace.of("new"), new HashMap<>()));
  }

  private static void assertRefused(ThrowingCallable mutation) {
    assertThatThrownBy(mutation)
        .isInstanceOfAny(ForbiddenException.class, UnsupportedOperationException.class);
  }

  private static String sql(View view) {
    return ((SQLViewRepresentation) view.currentVersion().representations().get(0)).sql();
  }

  private void assertOddListings() {
    assertThat(replicas.listNamespaces(Namespace.of("a.b")))
        .containsExactly(Namespace.of("a.b", "c d"));
    assertThat(replicas.listNamespaces(Namespace.of("a")))
        .containsExactly(Namespace.of("a", "b.c d"));
    assertThat(replicas.listTables(Namespace.of("ünï", "表")))
        .containsExactly(TableIdentifier.of(Namespace.of("ünï", "表"), "🎉 %2F+x"));
  }

  private static void awaitPointers(RunningTwinberg twinberg) {
    for (String table : List.of("replica", "mirrored_namespace")) {
      eventually(
          () ->
              assertThat(twinberg.rows(table))
                  .allSatisfy(
                      row ->
                          assertThat(row.get("pointer_generation"))
                              .isEqualTo(row.get("generation"))));
    }
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }

  private static void deleteDatabase(Setup setup) throws IOException {
    try (Stream<Path> files = Files.list(setup.dataDir())) {
      for (Path file :
          files.filter(file -> file.getFileName().toString().startsWith("twinberg.")).toList()) {
        Files.delete(file);
      }
    }
  }
}
