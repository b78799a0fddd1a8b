package io.twinberg.proxy.embedded;

import static io.twinberg.proxy.embedded.EmbeddedServer.SCHEMA;
import static io.twinberg.proxy.embedded.EmbeddedServer.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.database.Database;
import io.twinberg.storage.LocalFileIO;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SmallDisk;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.view.ViewBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A warehouse in which the catalog can write no metadata file. */
class FullWarehouseTest {
  private static final Namespace NS = Namespace.of("ns");
  private static final TableIdentifier TABLE = TableIdentifier.of(NS, "t");
  private static final TableIdentifier OTHER = TableIdentifier.of(NS, "u");
  private static final String SET_A_PROPERTY =
      """
      {"requirements": [], "updates": [{"action": "set-properties", "updates": {"k": "v"}}]}
      """;

  @TempDir Path folder;
  private Path warehouse;
  private Database database;
  private EmbeddedServer server;
  private RESTCatalog client;

  @BeforeEach
  void start() {
    warehouse = folder.resolve("warehouse");
    database = Databases.h2(folder.resolve("db"));
    server = new EmbeddedServer(database, "main", "file:" + warehouse, LocalFileIO.class.getName());
    client = server.client();
    client.createNamespace(NS);
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(warehouse)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private HttpResponse<String> setProperty() {
    return server.send("POST", "v1/namespaces/ns/tables/t", SET_A_PROPERTY);
  }

  private static void assertNothingCommitted(HttpResponse<String> answer, String entry) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(507);
    assertThat(answer.body())
        .contains("Nothing was committed", entry, "request id", "InsufficientStorageException")
        .doesNotContain("CommitStateUnknown", "file:");
  }

  @Test
  void fullDisk_commit_isRefusedWholeAndTakenOnceThereIsRoom() throws IOException {
    try (SmallDisk disk = SmallDisk.at(warehouse)) {
      Table table = client.createTable(TABLE, SCHEMA);
      append(table);
      disk.fill();
      List<Path> before = files();

      assertNothingCommitted(setProperty(), "ns.t");
      assertNothingCommitted(
          server.send(
              "POST",
              "v1/namespaces/ns/tables",
              "{\"name\":\"u\",\"schema\":{\"type\":\"struct\",\"fields\":[]}}"),
          "ns.u");

      assertThat(files()).isEqualTo(before);
      assertThat(client.tableExists(OTHER)).isFalse();
      assertThat(client.loadTable(TABLE).properties()).doesNotContainKey("k");
      disk.makeRoom();
      assertThat(setProperty().statusCode()).isEqualTo(200);
      append(table);
      assertThat(client.loadTable(TABLE).properties()).containsEntry("k", "v");
      assertThat(client.loadTable(TABLE).snapshots()).hasSize(2);
    }
  }

  @Test
  void fullDisk_client_knowsThatItsCommitFailed() {
    try (SmallDisk disk = SmallDisk.at(warehouse)) {
      Table table = client.createTable(TABLE, SCHEMA);
      disk.fill();

      assertThatExceptionOfType(RESTException.class)
          .isThrownBy(() -> table.updateProperties().set("k", "v").commit())
          .withMessageContaining("Nothing was committed");
    }
  }

  /** Where metadata files cannot be written: a file stands where their folder should be. */
  private String blocked() throws IOException {
    Path inTheWay = warehouse.resolve("blocked");
    Files.createDirectories(warehouse);
    Files.writeString(inTheWay, "in the way");
    return "file:" + inTheWay;
  }

  /** The first of the two files can be written. */
  @Test
  void transaction_whoseSecondFileHasNoPlace_changesNothing() throws IOException {
    Table one = client.createTable(TABLE, SCHEMA);
    Table two = client.createTable(OTHER, SCHEMA);
    String blocked = blocked();
    List<Path> before = files();

    assertThatExceptionOfType(RESTException.class)
        .isThrownBy(
            () ->
                client.commitTransaction(
                    property(TABLE, one, "k", "v"),
                    property(OTHER, two, "write.metadata.path", blocked)))
        .withMessageContaining("Nothing was committed")
        .withMessageContaining("ns.u");

    assertThat(files()).isEqualTo(before);
    assertThat(client.loadTable(TABLE).properties()).doesNotContainKey("k");
  }

  private static TableCommit property(TableIdentifier name, Table table, String key, String value) {
    TableMetadata base = EmbeddedEndpointContract.metadata(table);
    return TableCommit.create(
        name, base, TableMetadata.buildFrom(base).setProperties(Map.of(key, value)).build());
  }

  @Test
  void view_whoseFileHasNoPlace_isNotCreated() throws IOException {
    String blocked = blocked();
    ViewBuilder view =
        client
            .buildView(OTHER)
            .withSchema(SCHEMA)
            .withDefaultNamespace(NS)
            .withQuery("spark", "select 1")
            .withProperty("write.metadata.path", blocked);

    assertThatExceptionOfType(RESTException.class)
        .isThrownBy(view::create)
        .withMessageContaining("Nothing was committed")
        .withMessageContaining("ns.u");
    assertThat(client.viewExists(OTHER)).isFalse();
  }
}
