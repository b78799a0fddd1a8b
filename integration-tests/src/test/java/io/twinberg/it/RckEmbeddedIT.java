package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.command.Role;
import io.twinberg.command.TwinbergServer;
import io.twinberg.it.engine.CompatibilityKit;
import io.twinberg.it.engine.CompatibilityKit.Outcome;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded source passes Iceberg's own compatibility kit. */
@Tag("rck")
class RckEmbeddedIT {
  /** What it cannot pass, with the reason. */
  private static final Map<String, String> EXCLUDED =
      Map.of(
          "RESTCompatibilityKitCatalogTests.testLoadTableWithMissingMetadataFile(Path)",
          "It moves a metadata file away and wants the next load to fail. That load bears the tag"
              + " of the first, and the embedded catalog confirms a tag by its pointer alone, so"
              + " that a load of an unchanged table costs no read.");

  @TempDir private Path folder;

  @Test
  void kit_againstTheEmbeddedSource_passes() {
    try (TwinbergServer server =
        TwinbergServer.start(RckSetup.embedded(folder), EnumSet.allOf(Role.class))) {
      Map<String, Outcome> outcomes =
          CompatibilityKit.run(
              URI.create("http://127.0.0.1:" + server.port() + "/catalogs/lake"),
              Map.of("rck.requires-namespace-create", "true"));

      assertThat(outcomes).hasSizeGreaterThan(150);
      assertThat(outcomes.entrySet())
          .filteredOn(entry -> entry.getValue().status().equals("FAILED"))
          .extracting(Map.Entry::getKey)
          .containsExactlyInAnyOrderElementsOf(EXCLUDED.keySet());
    }
  }
}
