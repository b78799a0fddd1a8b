package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.command.Role;
import io.twinberg.command.TwinbergServer;
import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.engine.CompatibilityKit;
import io.twinberg.it.engine.CompatibilityKit.Outcome;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's own compatibility kit cannot tell the proxy from the catalog behind it. */
class RckIT {
  @TempDir private Path folder;

  @Test
  void kit_throughTheProxy_endsAsItDoesAgainstTheCatalog() {
    CompletableFuture<Map<String, Outcome>> alongside =
        CompletableFuture.supplyAsync(() -> direct(folder.resolve("direct")));
    Map<String, Outcome> proxied = proxied(folder.resolve("proxied"));
    Map<String, Outcome> direct = alongside.join();

    assertThat(direct).hasSizeGreaterThan(150);
    assertThat(direct)
        .extractingFromEntries(entry -> entry.getValue().status())
        .contains("PASSED")
        .doesNotContain("FAILED");
    assertThat(proxied.entrySet()).containsExactlyElementsOf(direct.entrySet());
  }

  private static Map<String, Outcome> direct(Path folder) {
    try (FixtureCatalog fixture = fixture(folder)) {
      return CompatibilityKit.run(fixture.uri(), Map.of());
    }
  }

  private static Map<String, Outcome> proxied(Path folder) {
    try (FixtureCatalog fixture = fixture(folder);
        TwinbergServer server =
            TwinbergServer.start(
                RckSetup.upstream(folder, fixture.uri()), EnumSet.allOf(Role.class))) {
      return CompatibilityKit.run(
          URI.create("http://127.0.0.1:" + server.port() + "/catalogs/lake"), Map.of());
    }
  }

  private static FixtureCatalog fixture(Path folder) {
    return FixtureCatalog.start(
        FixtureSettings.onFolder(folder.resolve("fixture"), RckSetup.warehouse(folder)));
  }
}
