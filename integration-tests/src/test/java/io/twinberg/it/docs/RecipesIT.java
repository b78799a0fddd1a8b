package io.twinberg.it.docs;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;

import io.twinberg.it.CatalogClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of the README, typed into a shell as they are written. */
class RecipesIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");
  private static final TableIdentifier ITEMS = TableIdentifier.of("sales", "items");
  private static final TableIdentifier PEOPLE = TableIdentifier.of("hr", "people");

  @TempDir private Path folder;
  private DocumentedSetup setup;

  @BeforeEach
  void fillTheCatalog() throws IOException {
    setup = new DocumentedSetup(folder);
    try (RESTCatalog catalog = CatalogClient.of(setup.upstream(), setup.lake())) {
      for (TableIdentifier name : new TableIdentifier[] {ITEMS, ORDERS, PEOPLE}) {
        if (!catalog.namespaceExists(name.namespace())) {
          catalog.createNamespace(name.namespace());
        }
        Table table = catalog.createTable(name, SCHEMA);
        CatalogClient.append(table);
      }
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    setup.close();
  }

  @Test
  void everything_typedAsWritten_replicatesAllTables() throws IOException {
    follow("everything");

    awaitCompleted(3);
    assertThat(replicas()).containsExactlyInAnyOrder(ORDERS, ITEMS, PEOPLE);
  }

  @Test
  void oneTable_typedAsWritten_replicatesThatAndNoOther() throws IOException {
    follow("one table");

    awaitCompleted(1);
    assertThat(replicas()).containsExactly(ORDERS);
    given()
        .get(setup.management() + "/management/v1/status")
        .then()
        .body("replicas.table", contains("orders"));
  }

  private void follow(String recipe) {
    setup.shell().run(setup.commands(named("where")));
    setup.choosePorts();
    setup.shell().begin(setup.commands(named(recipe)));
  }

  private static Step named(String name) {
    return Step.of("README.md", "recipe").stream()
        .filter(step -> step.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void awaitCompleted(int replicas) {
    URI replicasUri = setup.replicas();
    await("replicas at " + replicasUri)
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> replicas().size() == replicas && allReadable());
  }

  private boolean allReadable() throws IOException {
    try (RESTCatalog eu = CatalogClient.of(setup.replicas(), setup.bucket())) {
      return replicas().stream().allMatch(name -> eu.loadTable(name).currentSnapshot() != null);
    }
  }

  private Set<TableIdentifier> replicas() throws IOException {
    Set<TableIdentifier> found = new HashSet<>();
    try (RESTCatalog eu = CatalogClient.of(setup.replicas(), setup.bucket())) {
      for (Namespace namespace : eu.listNamespaces()) {
        found.addAll(eu.listTables(namespace));
      }
    }
    return found;
  }
}
