package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.engine.NodeProject;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that shares no code with Iceberg's own writes to the source and reads the replica. */
@Tag("iceberg-js")
class IcebergJsIT {
  @TempDir private Path folder;

  @Test
  void table_createdThroughTheProxy_isLoadedFromSourceAndReplica() {
    assumeTrue(NodeProject.isPossible(), "needs node and npm on the PATH");
    NodeProject client = NodeProject.install("iceberg-js");
    try (StorePair stores = StorePair.start(folder);
        FixtureCatalog fixture =
            FixtureCatalog.start(
                FixtureSettings.onS3(
                    folder.resolve("fixture"), StorePair.WAREHOUSE, stores.source().properties()));
        RunningTwinberg twinberg =
            RunningTwinberg.start(Setup.upstream(folder, stores, fixture.uri()))) {
      String source = twinberg.catalog(Setup.SOURCE).toString();
      JsonNode written = client.run("client.mjs", "write", source, "any", "t");
      assertThat(written.get("again").asText()).startsWith("409");

      TableHistory history = Replicated.awaitCurrent(twinberg, "web", "t");
      JsonNode atSource = client.run("client.mjs", "read", source, "any", "t");
      assertRead(atSource, history);
      JsonNode replica =
          client.run("client.mjs", "read", twinberg.base().toString(), Setup.DESTINATION, "t");
      assertRead(replica, history);
      assertThat(replica.get("write").asText()).startsWith("403");
    }
  }

  private static void assertRead(JsonNode seen, TableHistory history) {
    assertThat(seen.get("namespaces").toString()).contains("web");
    assertThat(seen.get("tables").toString()).contains("\"t\"");
    assertThat(seen.get("uuid").asText()).isEqualTo(history.uuid());
    assertThat(seen.get("origin").asText()).isEqualTo("iceberg-js");
    assertThat(seen.get("unchanged").asBoolean()).as("304 on its own tag").isTrue();
    assertThat(seen.get("missing").asText()).startsWith("404");
  }
}
