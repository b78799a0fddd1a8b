package io.twinberg.proxy.embedded;

import static io.twinberg.proxy.embedded.EmbeddedServer.SCHEMA;
import static io.twinberg.proxy.embedded.EmbeddedServer.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.util.Map;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.inmemory.InMemoryFileIO;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of tables, and where they may lie. */
class EmbeddedTablesTest extends EmbeddedEndpointContract {
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
}
