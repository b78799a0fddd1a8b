package io.twinberg.proxy.embedded;

import static io.twinberg.proxy.embedded.EmbeddedServer.SCHEMA;
import static io.twinberg.proxy.embedded.EmbeddedServer.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Several changes at once, several clients, several sources. */
class EmbeddedTransactionsTest extends EmbeddedEndpointContract {
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
}
