package io.twinberg.proxy.embedded;

import static io.twinberg.proxy.embedded.EmbeddedServer.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Namespaces, and odd names of anything. */
class EmbeddedNamespacesTest extends EmbeddedEndpointContract {
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
  void names_withControlCharacters_areRefused() {
    assertThat(server.send("POST", "v1/namespaces", "{\"namespace\":[\"a\\u001fb\"]}").statusCode())
        .isEqualTo(400);
    assertThat(server.send("POST", "v1/namespaces", "{\"namespace\":[\"a\\u0000b\"]}").statusCode())
        .isEqualTo(400);
    assertThat(server.send("POST", "v1/namespaces", "{\"namespace\":[]}").statusCode())
        .isEqualTo(400);
  }
}
