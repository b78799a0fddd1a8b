package io.twinberg.proxy.embedded;

import static io.twinberg.proxy.embedded.EmbeddedServer.SCHEMA;
import static io.twinberg.proxy.embedded.EmbeddedServer.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.database.Database;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.GenericStatisticsFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.inmemory.InMemoryFileIO;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.view.View;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Iceberg's own REST client finds when it talks to an embedded catalog over HTTP. */
abstract class EmbeddedEndpointContract {
  private static final Namespace NS = Namespace.of("ns");
  private static final TableIdentifier TABLE = TableIdentifier.of(NS, "t");
  private static final TableIdentifier OTHER = TableIdentifier.of(NS, "u");

  private Database database;
  private EmbeddedServer server;
  private RESTCatalog client;

  /** Opens the database, with what earlier opens in the same test left in it. */
  abstract Database openDatabase();

  @BeforeEach
  void start() {
    database = openDatabase();
    server = new EmbeddedServer(database, "main", EmbeddedServer.freshWarehouse());
    client = server.client();
    client.createNamespace(NS);
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  @Test
  void config_always_listsServedEndpointsAndNoSettings() {
    String config = server.get("v1/config?warehouse=any").body();

    assertThat(config)
        .contains("\"defaults\":{}", "\"overrides\":{\"prefix\":\"main\"}")
        .contains("POST /v1/{prefix}/transactions/commit", "GET /v1/{prefix}/namespaces")
        .doesNotContain("/plan", "/credentials", "/sign", "secret", "memory:");
  }

  @Test
  void namespaces_nested_areListedBelowTheirParents() {
    client.createNamespace(Namespace.of("ns", "a"), properties("owner", "me"));
    client.createNamespace(Namespace.of("x", "y", "z"));

    assertThat(client.listNamespaces()).containsExactly(NS, Namespace.of("x"));
    assertThat(client.listNamespaces(NS)).containsExactly(Namespace.of("ns", "a"));
    assertThat(client.listNamespaces(Namespace.of("x", "y")))
        .containsExactly(Namespace.of("x", "y", "z"));
    assertThat(client.loadNamespaceMetadata(Namespace.of("ns", "a")))
        .containsEntry("owner", "me")
        .containsEntry("location", server.warehouse + "/ns/a");
    assertThat(client.namespaceExists(Namespace.of("ns", "b"))).isFalse();
    assertThatThrownBy(() -> client.listNamespaces(Namespace.of("none")))
        .isInstanceOf(NoSuchNamespaceException.class);
  }

  @Test
  void namespaceProperties_setAndRemoved_areKept() {
    client.setProperties(NS, properties("a", "1", "b", "2"));
    client.setProperties(NS, properties("a", "3", "c", "4"));
    client.removeProperties(NS, new HashSet<>(Set.of("b")));

    assertThat(client.loadNamespaceMetadata(NS))
        .containsEntry("a", "3")
        .containsEntry("c", "4")
        .doesNotContainKeys("b", "exists");
  }

  @Test
  void namespaceProperties_overlappingUpdatesAndRemovals_areUnprocessable() {
    HttpResponse<String> answer =
        server.send(
            "POST",
            "v1/namespaces/ns/properties",
            "{\"updates\":{\"a\":\"1\"},\"removals\":[\"a\"]}");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(client.loadNamespaceMetadata(NS)).doesNotContainKey("a");
  }

  @Test
  void namespaceProperties_removalOfTheReservedOne_isRefused() {
    HttpResponse<String> answer =
        server.send(
            "POST",
            "v1/namespaces/ns/properties",
            "{\"updates\":{\"a\":\"1\"},\"removals\":[\"exists\"]}");

    assertThat(answer.statusCode()).isEqualTo(400);
    // The update came first: it was undone with the refusal.
    assertThat(client.loadNamespaceMetadata(NS)).doesNotContainKey("a");
  }

  @Test
  void namespace_withATableOrChild_isNotDropped() {
    client.createTable(TABLE, SCHEMA);
    client.createNamespace(Namespace.of("p", "c"));

    assertThatThrownBy(() -> client.dropNamespace(NS))
        .isInstanceOf(NamespaceNotEmptyException.class);
    assertThatThrownBy(() -> client.dropNamespace(Namespace.of("p")))
        .isInstanceOf(NamespaceNotEmptyException.class);
    client.dropTable(TABLE);
    assertThat(client.dropNamespace(NS)).isTrue();
    assertThat(client.dropNamespace(NS)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.b", "a b", "ä漢字", "a%b", "a%2Fb", "a/b", "a+b", "..", "a\\b", "a_b", "a\"b", "a'b",
        "?&#=", "~", "😀", "tables"
      })
  void names_odd_areKeptApartAndComeBackUnchanged(String odd) {
    Namespace namespace = Namespace.of(odd, "in " + odd);
    TableIdentifier table = TableIdentifier.of(namespace, odd);
    client.createNamespace(Namespace.of(odd));
    client.createNamespace(namespace);
    client.createTable(table, SCHEMA).newAppend().commit();

    assertThat(client.listNamespaces()).containsExactlyInAnyOrder(NS, Namespace.of(odd));
    assertThat(client.listNamespaces(Namespace.of(odd))).containsExactly(namespace);
    assertThat(client.listTables(namespace)).containsExactly(table);
    assertThat(client.loadTable(table).location()).startsWith(server.warehouse + "/");
    client.renameTable(table, TableIdentifier.of(NS, odd + "2"));
    assertThat(client.listTables(NS)).containsExactly(TableIdentifier.of(NS, odd + "2"));
    assertThat(client.dropNamespace(namespace)).isTrue();
    assertThat(client.dropNamespace(Namespace.of(odd))).isTrue();
    assertThat(client.listNamespaces()).containsExactly(NS);
  }

  @Test
  void names_withDots_areNotNestedNamespaces() {
    client.createNamespace(Namespace.of("a"));
    client.createNamespace(Namespace.of("a", "b"));
    client.createTable(TableIdentifier.of(Namespace.of("a", "b"), "nested"), SCHEMA);
    client.createNamespace(Namespace.of("a.b"));

    assertThat(client.listTables(Namespace.of("a.b"))).isEmpty();
    assertThat(client.listNamespaces()).containsExactly(Namespace.of("a"), Namespace.of("a.b"), NS);
    assertThat(client.dropNamespace(Namespace.of("a.b"))).isTrue();
    assertThat(client.listTables(Namespace.of("a", "b"))).hasSize(1);
  }

  @Test
  void commit_thatCreatesWithoutASchema_isRefused() {
    HttpResponse<String> answer =
        server.send(
            "POST",
            "v1/namespaces/ns/tables/bare",
            "{\"requirements\":[{\"type\":\"assert-create\"}],\"updates\":[]}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("must add a schema");
  }

  @Test
  void names_withControlCharacters_areRefused() {
    assertThat(server.send("POST", "v1/namespaces", "{\"namespace\":[\"a\\u001fb\"]}").statusCode())
        .isEqualTo(400);
    assertThat(server.send("POST", "v1/namespaces", "{\"namespace\":[\"a\\u0000b\"]}").statusCode())
        .isEqualTo(400);
    assertThat(server.send("POST", "v1/namespaces", "{\"namespace\":[]}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void table_created_isListedLoadedAndDropped() {
    client.createTable(TABLE, SCHEMA, PartitionSpec.unpartitioned(), Map.of("k", "v"));

    assertThat(client.listTables(NS)).containsExactly(TABLE);
    assertThat(client.tableExists(TABLE)).isTrue();
    assertThat(client.loadTable(TABLE).properties()).containsEntry("k", "v");
    assertThat(client.loadTable(TABLE).location()).startsWith(server.warehouse + "/ns/t-");
    assertThatThrownBy(() -> client.createTable(TABLE, SCHEMA))
        .isInstanceOf(AlreadyExistsException.class);
    assertThat(client.dropTable(TABLE, false)).isTrue();
    assertThat(client.dropTable(TABLE, false)).isFalse();
    assertThat(client.tableExists(TABLE)).isFalse();
  }

  @Test
  void table_inMissingNamespace_isNotCreated() {
    TableIdentifier lost = TableIdentifier.of("none", "t");

    assertThatThrownBy(() -> client.createTable(lost, SCHEMA))
        .isInstanceOf(NoSuchNamespaceException.class);
    assertThatThrownBy(() -> client.buildTable(lost, SCHEMA).createTransaction())
        .isInstanceOf(NoSuchNamespaceException.class);
  }

  @Test
  void table_changed_evolves() {
    Table table = client.createTable(TABLE, SCHEMA);
    append(table);
    table.updateSchema().addColumn("more", Types.IntegerType.get()).commit();
    table.updateSpec().addField("name").commit();
    table.updateProperties().set("k", "v").commit();
    table.manageSnapshots().createTag("tag", table.currentSnapshot().snapshotId()).commit();

    Table loaded = server.client().loadTable(TABLE);
    assertThat(loaded.schema().findField("more")).isNotNull();
    assertThat(loaded.spec().fields()).hasSize(1);
    assertThat(loaded.properties()).containsEntry("k", "v");
    assertThat(loaded.refs()).containsKeys("main", "tag");
    assertThat(((BaseTable) loaded).operations().current().previousFiles()).hasSize(5);
  }

  @Test
  void table_renamed_keepsItsFilesAndFreesItsName() {
    Table table = client.createTable(TABLE, SCHEMA);
    append(table);
    client.renameTable(TABLE, OTHER);
    Table again = client.createTable(TABLE, SCHEMA);

    assertThat(client.loadTable(OTHER).uuid()).isEqualTo(table.uuid());
    assertThat(again.location()).isNotEqualTo(table.location());
    assertThatThrownBy(() -> client.renameTable(TABLE, OTHER))
        .isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(() -> client.renameTable(TABLE, TableIdentifier.of("none", "t")))
        .isInstanceOf(NoSuchNamespaceException.class);
    assertThatThrownBy(
            () -> client.renameTable(TableIdentifier.of(NS, "x"), TableIdentifier.of(NS, "y")))
        .isInstanceOf(NoSuchTableException.class);
  }

  @Test
  void table_purged_losesItsFiles() {
    Table table = client.createTable(TABLE, SCHEMA);
    append(table);
    String metadata = metadata(table).metadataFileLocation();
    String manifests = table.currentSnapshot().manifestListLocation();
    try (InMemoryFileIO files = new InMemoryFileIO()) {
      assertThat(files.fileExists(metadata)).isTrue();
      assertThat(files.fileExists(manifests)).isTrue();

      client.dropTable(TABLE, true);

      assertThat(files.fileExists(metadata)).isFalse();
      assertThat(files.fileExists(manifests)).isFalse();
    }
    assertThat(client.tableExists(TABLE)).isFalse();
  }

  @Test
  void purge_ofForeignFiles_leavesThemAlone() {
    Table table = client.createTable(TABLE, SCHEMA);
    try (InMemoryFileIO files = new InMemoryFileIO()) {
      String foreign = "memory://foreign/" + table.uuid() + ".parquet";
      files.addFile(foreign, new byte[] {1});
      table
          .newAppend()
          .appendFile(
              DataFiles.builder(table.spec())
                  .withPath(foreign)
                  .withFileSizeInBytes(1)
                  .withRecordCount(1)
                  .build())
          .commit();

      client.dropTable(TABLE, true);

      assertThat(client.tableExists(TABLE)).isFalse();
      assertThat(files.fileExists(foreign)).isTrue();
    }
  }

  @Test
  void stagedCreate_committed_appearsWithItsData() {
    Transaction create =
        client.buildTable(TABLE, SCHEMA).withProperty("k", "v").createTransaction();
    assertThat(client.tableExists(TABLE)).isFalse();
    create.newAppend().appendFile(EmbeddedServer.file(create.table())).commit();
    create.commitTransaction();

    Table table = client.loadTable(TABLE);
    assertThat(table.properties()).containsEntry("k", "v");
    assertThat(snapshots(table)).isEqualTo(1);
  }

  @Test
  void stagedCreate_whenTheTableCameFirst_isRefused() {
    Transaction create = client.buildTable(TABLE, SCHEMA).createTransaction();
    create.newAppend().appendFile(EmbeddedServer.file(create.table())).commit();
    Table first = server.client().createTable(TABLE, SCHEMA);

    assertThatThrownBy(create::commitTransaction).isInstanceOf(AlreadyExistsException.class);
    assertThat(client.loadTable(TABLE).uuid()).isEqualTo(first.uuid());
  }

  @Test
  void replaceTransaction_committed_keepsTheIdentityOfTheTable() {
    Table table = client.createTable(TABLE, SCHEMA);
    append(table);
    Schema replaced = new Schema(Types.NestedField.required(1, "z", Types.StringType.get()));
    client.buildTable(TABLE, replaced).replaceTransaction().commitTransaction();

    Table loaded = client.loadTable(TABLE);
    assertThat(loaded.uuid()).isEqualTo(table.uuid());
    assertThat(loaded.schema().columns()).hasSize(1);
    assertThat(loaded.currentSnapshot()).isNull();
  }

  @Test
  void register_afterDrop_bringsTheTableBack() {
    Table table = client.createTable(TABLE, SCHEMA);
    append(table);
    String location = metadata(table).metadataFileLocation();
    client.dropTable(TABLE, false);

    Table registered = client.registerTable(OTHER, location);

    assertThat(registered.uuid()).isEqualTo(table.uuid());
    assertThat(metadata(registered).metadataFileLocation()).isEqualTo(location);
    assertThatThrownBy(() -> client.registerTable(OTHER, location))
        .isInstanceOf(AlreadyExistsException.class);
  }

  @Test
  void register_withOverwrite_replacesThePointer() {
    Table table = client.createTable(TABLE, SCHEMA);
    String first = metadata(table).metadataFileLocation();
    append(table);

    client.registerTable(TABLE, first, true);

    assertThat(metadata(client.loadTable(TABLE)).metadataFileLocation()).isEqualTo(first);
    assertThat(client.registerTable(OTHER, first, true).uuid()).isEqualTo(table.uuid());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memory://elsewhere/metadata/v1.metadata.json",
        "memory://allowed/lake/../secret.json",
        "memory://allowed/lake/none.metadata.json"
      })
  void register_outsideOrMissing_isABadRequestThatNamesTheFile(String location) {
    assertThatThrownBy(() -> client.registerTable(TABLE, location))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(location);
    assertThat(client.tableExists(TABLE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memory://elsewhere/t",
        "memory://allowed/lakehouse/t",
        "memory://allowed/lake/%2e%2E/t",
        "memory://allowed/lake/./t",
        "file:/etc/t"
      })
  void location_outside_isRefusedAtCreateStageAndUpdate(String location) {
    assertThatThrownBy(() -> client.buildTable(TABLE, SCHEMA).withLocation(location).create())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("location " + location);
    assertThatThrownBy(
            () -> client.buildTable(TABLE, SCHEMA).withLocation(location).createTransaction())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("location " + location);
    assertThatThrownBy(
            () ->
                client.buildTable(TABLE, SCHEMA).withProperty("write.data.path", location).create())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("write.data.path " + location);
    Table table = client.createTable(TABLE, SCHEMA);
    assertThatThrownBy(() -> table.updateLocation().setLocation(location).commit())
        .isInstanceOf(BadRequestException.class);
    assertThatThrownBy(() -> table.updateProperties().set("write.metadata.path", location).commit())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("write.metadata.path " + location);
  }

  @Test
  void location_insideTheAllowedOnes_isTaken() {
    Table table =
        client.buildTable(TABLE, SCHEMA).withLocation("memory://allowed/lake/mine").create();
    table.updateProperties().set("write.data.path", server.warehouse + "/data").commit();

    assertThat(client.loadTable(TABLE).location()).isEqualTo("memory://allowed/lake/mine");
  }

  @Test
  void view_createdReplacedRenamedDropped_behavesAsOne() {
    TableIdentifier name = TableIdentifier.of(NS, "v");
    client
        .buildView(name)
        .withSchema(SCHEMA)
        .withDefaultNamespace(NS)
        .withQuery("spark", "select 1")
        .create();
    client
        .buildView(name)
        .withSchema(SCHEMA)
        .withDefaultNamespace(NS)
        .withQuery("spark", "select 2")
        .replace();

    View view = client.loadView(name);
    assertThat(view.sqlFor("spark").sql()).isEqualTo("select 2");
    assertThat(view.history()).hasSize(2);
    assertThat(client.listViews(NS)).containsExactly(name);
    assertThat(client.listTables(NS)).isEmpty();
    TableIdentifier renamed = TableIdentifier.of(NS, "w");
    client.renameView(name, renamed);
    assertThat(client.viewExists(name)).isFalse();
    assertThat(client.viewExists(renamed)).isTrue();
    assertThatThrownBy(() -> client.dropNamespace(NS))
        .isInstanceOf(NamespaceNotEmptyException.class);
    assertThat(client.dropView(renamed)).isTrue();
    assertThat(client.dropView(renamed)).isFalse();
    assertThatThrownBy(() -> client.loadView(renamed)).isInstanceOf(NoSuchViewException.class);
  }

  @Test
  void viewAndTable_ofOneName_excludeEachOther() {
    client.createTable(TABLE, SCHEMA);
    TableIdentifier view = TableIdentifier.of(NS, "v");
    createView(view);

    assertThatThrownBy(() -> createView(TABLE)).isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(() -> client.createTable(view, SCHEMA))
        .isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(() -> client.renameTable(TABLE, view))
        .isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(() -> client.loadTable(view)).isInstanceOf(NoSuchTableException.class);
  }

  private void createView(TableIdentifier name) {
    client
        .buildView(name)
        .withSchema(SCHEMA)
        .withDefaultNamespace(NS)
        .withQuery("spark", "select 1")
        .create();
  }

  @Test
  void view_atAForeignLocation_isRefused() {
    assertThatThrownBy(
            () ->
                client
                    .buildView(TableIdentifier.of(NS, "v"))
                    .withSchema(SCHEMA)
                    .withDefaultNamespace(NS)
                    .withQuery("spark", "select 1")
                    .withLocation("memory://elsewhere/v")
                    .create())
        .isInstanceOf(BadRequestException.class);
  }

  @Test
  void transaction_overTwoTables_changesBoth() {
    Table one = client.createTable(TABLE, SCHEMA);
    Table two = client.createTable(OTHER, SCHEMA);

    client.commitTransaction(property(TABLE, one, "k"), property(OTHER, two, "k"));

    assertThat(client.loadTable(TABLE).properties()).containsKey("k");
    assertThat(client.loadTable(OTHER).properties()).containsKey("k");
  }

  @Test
  void transaction_withOneFailedRequirement_changesNothing() {
    Table one = client.createTable(TABLE, SCHEMA);
    Table two = client.createTable(OTHER, SCHEMA);
    TableCommit stale = schemaChange(OTHER, two);
    two.updateSchema().addColumn("first", Types.LongType.get()).commit();

    assertThatThrownBy(() -> client.commitTransaction(property(TABLE, one, "k"), stale))
        .isInstanceOf(CommitFailedException.class);

    assertThat(client.loadTable(TABLE).properties()).doesNotContainKey("k");
    assertThat(metadata(client.loadTable(TABLE)).previousFiles()).isEmpty();
  }

  @Test
  void transaction_withAMissingTable_changesNothing() {
    Table one = client.createTable(TABLE, SCHEMA);
    Table two = client.createTable(OTHER, SCHEMA);
    TableCommit gone = property(OTHER, two, "k");
    client.dropTable(OTHER);

    assertThatThrownBy(() -> client.commitTransaction(property(TABLE, one, "k"), gone))
        .isInstanceOf(NoSuchTableException.class);

    assertThat(client.loadTable(TABLE).properties()).doesNotContainKey("k");
  }

  @Test
  void transaction_thatCreatesATable_createsItWithTheOthers() {
    Table one = client.createTable(TABLE, SCHEMA);
    TableMetadata created =
        TableMetadata.newTableMetadata(
            SCHEMA, PartitionSpec.unpartitioned(), server.warehouse + "/ns/new", Map.of());
    TableCommit create = new CreateCommit(OTHER, created);

    client.commitTransaction(property(TABLE, one, "k"), create);

    assertThat(client.loadTable(OTHER).uuid().toString()).isEqualTo(created.uuid());
    assertThatThrownBy(() -> client.commitTransaction(property(TABLE, one, "l"), create))
        .isInstanceOf(CommitFailedException.class);
    assertThat(client.loadTable(TABLE).properties()).containsKey("k").doesNotContainKey("l");
  }

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

  private static void assertError(
      HttpResponse<String> answer, int status, String type, String... words) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body())
        .startsWith("{\"error\":{\"message\":")
        .contains("\"type\":\"" + type + "\"", "\"code\":" + status);
    List.of(words).forEach(word -> assertThat(answer.body()).contains(word));
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

  @Test
  void restart_always_findsEverythingAgain() {
    Table table = client.createTable(TABLE, SCHEMA);
    append(table);
    createView(TableIdentifier.of(NS, "v"));
    client.setProperties(NS, properties("k", "v"));
    server.close();
    database.close();

    database = openDatabase();
    server = new EmbeddedServer(database, "main", server.warehouse);
    client = server.client();

    assertThat(client.loadTable(TABLE).currentSnapshot().snapshotId())
        .isEqualTo(table.currentSnapshot().snapshotId());
    assertThat(client.viewExists(TableIdentifier.of(NS, "v"))).isTrue();
    assertThat(client.loadNamespaceMetadata(NS)).containsEntry("k", "v");
  }

  @Test
  void twoSources_inOneDatabase_doNotSeeEachOther() {
    client.createTable(TABLE, SCHEMA);
    try (EmbeddedServer second =
        new EmbeddedServer(database, "second", EmbeddedServer.freshWarehouse())) {
      RESTCatalog other = second.client();
      assertThat(other.listNamespaces()).isEmpty();
      other.createNamespace(NS);
      Table table = other.createTable(TABLE, SCHEMA);

      assertThat(table.location()).startsWith(second.warehouse);
      assertThat(other.dropTable(TABLE)).isTrue();
      assertThat(client.tableExists(TABLE)).isTrue();
    }
  }

  @Test
  void appends_bySeveralClients_allLandExactlyOnce() throws Exception {
    int clients = 4;
    int appends = 8;
    client
        .buildTable(TABLE, SCHEMA)
        .withProperty("commit.retry.num-retries", "100")
        .withProperty("commit.retry.min-wait-ms", "5")
        .withProperty("commit.retry.max-wait-ms", "50")
        .create();
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      Table own = server.client().loadTable(TABLE);
      running.add(
          threads.submit(() -> IntStream.range(0, appends).forEach(ignored -> append(own))));
    }
    for (Future<?> one : running) {
      one.get(2, TimeUnit.MINUTES);
    }
    threads.shutdown();

    Table table = client.loadTable(TABLE);
    assertThat(snapshots(table)).isEqualTo(clients * appends);
    assertThat(table.currentSnapshot().summary())
        .containsEntry("total-data-files", String.valueOf(clients * appends));
    assertThat(metadata(table).lastSequenceNumber()).isEqualTo(clients * appends);
  }

  /** Iceberg's client asks maps for null, which immutable ones refuse. */
  private static Map<String, String> properties(String... pairs) {
    Map<String, String> properties = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put(pairs[i], pairs[i + 1]);
    }
    return properties;
  }

  private static TableCommit property(TableIdentifier name, Table table, String key) {
    TableMetadata base = metadata(table);
    TableMetadata changed = TableMetadata.buildFrom(base).setProperties(Map.of(key, "v")).build();
    return TableCommit.create(name, base, changed);
  }

  private static TableCommit schemaChange(TableIdentifier name, Table table) {
    TableMetadata base = metadata(table);
    Schema changed =
        new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "name", Types.StringType.get()),
            Types.NestedField.optional(3, "second", Types.StringType.get()));
    return TableCommit.create(
        name, base, TableMetadata.buildFrom(base).setCurrentSchema(changed, 3).build());
  }

  private static TableMetadata metadata(Table table) {
    return ((BaseTable) table).operations().current();
  }

  private static long snapshots(Table table) {
    return StreamSupport.stream(table.snapshots().spliterator(), false).count();
  }
}
