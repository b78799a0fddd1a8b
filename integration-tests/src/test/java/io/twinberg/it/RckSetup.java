package io.twinberg.it;

import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.it.engine.EngineProject;
import java.net.URI;
import java.nio.file.Path;

/** Configurations for Iceberg's compatibility kit: everything in folders of this machine. */
final class RckSetup {
  private RckSetup() {}

  static Path warehouse(Path folder) {
    return folder.resolve("warehouse");
  }

  static TwinbergConfig upstream(Path folder, URI uri) {
    return config(
        folder, "uri: \"%s\", allowed-locations: [\"%s\"]".formatted(uri, warehouse(folder)));
  }

  static TwinbergConfig embedded(Path folder) {
    // The kit puts some tables into /tmp/ns and into its temporary folder, whatever the catalog.
    return config(
        folder,
        "warehouse: \"%s\", allowed-locations: [\"/tmp\", \"%s\"]"
            .formatted(warehouse(folder), EngineProject.runs()));
  }

  /** With a rule: the kit commits files that do not exist, and no commit may fail for it. */
  private static TwinbergConfig config(Path folder, String source) {
    String yaml =
        """
        server: { port: 0 }
        management: { port: 0 }
        sources:
          lake: { %s }
        destinations:
          eu: { root: "%s", retention: { snapshots: forever } }
        rules:
          - { source: lake, destinations: [eu] }
        """
            .formatted(source, folder.resolve("replicas"));
    return ConfigLoader.parse(yaml, folder, System::getenv);
  }
}
