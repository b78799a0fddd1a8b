package io.twinberg.it.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.CatalogClient;
import io.twinberg.it.RestReads;
import io.twinberg.it.TwinbergCommand;
import io.twinberg.it.engine.FinishedJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of the README, typed into a shell as they are written. */
@Tag("tutorial")
class RecipesIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private DocumentedSetup setup;

  @BeforeEach
  void fillTheCatalog() throws IOException {
    setup = new DocumentedSetup(folder);
    try (RESTCatalog catalog = CatalogClient.of(setup.upstream(), setup.lake())) {
      UpstreamTables.write(catalog);
    }
  }

  @AfterEach
  void stop() throws Exception {
    setup.close();
  }

  @Test
  void everything_typedAsWritten_replicatesAllTablesWithTheirRows() throws Exception {
    follow("everything");

    awaitReplicas(UpstreamTables.ALL);
  }

  @Test
  void oneTable_typedAsWritten_replicatesThatAndNoOther() throws Exception {
    Map<String, Set<Long>> orders = Map.of("sales.orders", UpstreamTables.ALL.get("sales.orders"));

    follow("one table");

    awaitReplicas(orders);
    lookAtTheWholeSource();
    assertThat(replicas()).isEqualTo(orders);
    assertThat(twinberg("status").out()).endsWith("\n1 replica: 1 completed\n");
  }

  private void follow(String recipe) throws InterruptedException {
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

  private void awaitReplicas(Map<String, Set<Long>> expected) {
    await().atMost(LIMIT).ignoreExceptions().until(this::serves);
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> assertThat(replicas()).as(setup.shell().printed()).isEqualTo(expected));
  }

  private boolean serves() {
    return new RestReads(setup.replicas()).get("/v1/config").statusCode() == 200;
  }

  /** Nothing is on its way that only has not arrived yet. */
  private void lookAtTheWholeSource() {
    FinishedJvm refresh = twinberg("refresh --source prod");
    assertThat(refresh.exit()).as(refresh.err()).isZero();
  }

  private FinishedJvm twinberg(String command) {
    return TwinbergCommand.run(
        folder, (command + " --management " + setup.management()).split(" "));
  }

  private Map<String, Set<Long>> replicas() throws IOException {
    try (RESTCatalog eu = CatalogClient.of(setup.replicas(), setup.bucket())) {
      return UpstreamTables.in(eu);
    }
  }
}
