package io.twinberg.proxy.embedded;

import static io.twinberg.proxy.embedded.EmbeddedServer.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.view.View;
import org.junit.jupiter.api.Test;

/** Views beside tables. */
class EmbeddedViewsTest extends EmbeddedEndpointContract {
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
}
