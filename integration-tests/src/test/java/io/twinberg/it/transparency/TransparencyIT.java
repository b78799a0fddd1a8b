package io.twinberg.it.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.command.Role;
import io.twinberg.command.TwinbergServer;
import io.twinberg.config.ConfigLoader;
import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same calls, in the same order, on two catalogs of one make: one asked directly, one through
 * Twinberg. Answers must be equal to the byte, but for what {@link Answer} says and two documented
 * rewrites: the config, and errors that are no Iceberg JSON.
 *
 * <p>Both catalogs share a warehouse folder, so that their locations are equal too.
 */
class TransparencyIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROUNDS = 3;
  private static final int LARGE = 12 * 1024 * 1024;

  @TempDir private static Path folder;

  private static FixtureCatalog direct;
  private static FixtureCatalog behind;
  private static TwinbergServer twinberg;

  @BeforeAll
  static void start() throws Exception {
    Path warehouse = Files.createDirectories(folder.resolve("warehouse"));
    direct = FixtureCatalog.start(FixtureSettings.onFolder(folder.resolve("direct"), warehouse));
    behind = FixtureCatalog.start(FixtureSettings.onFolder(folder.resolve("behind"), warehouse));
    String yaml =
        """
        server: { port: 0 }
        management: { port: 0 }
        sources: { lake: { uri: "%s", allowed-locations: ["%s"] } }
        """
            .formatted(behind.uri(), warehouse);
    twinberg =
        TwinbergServer.start(
            ConfigLoader.parse(yaml, folder, System::getenv), EnumSet.of(Role.PROXY));
  }

  @AfterAll
  static void stop() {
    twinberg.close();
    behind.close();
    direct.close();
  }

  private static Side directly() {
    return new Side(direct.uri().toString());
  }

  private static Side throughTheProxy() {
    return new Side("http://127.0.0.1:" + twinberg.port() + "/catalogs/lake");
  }

  @Test
  void everyCall_directAndThroughTheProxy_hasTheSameAnswer() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("TransparencyIT -Dseed=" + seed);
    List<Call> calls = CallList.of(seed, ROUNDS);
    Side one = directly();
    Side other = throughTheProxy();
    List<String> differences = new ArrayList<>();
    int mute = 0;
    int successes = 0;
    for (Call call : calls) {
      Answer expected = one.answer(call);
      Answer actual = other.answer(call);
      successes += expected.status() < 400 ? 1 : 0;
      mute += expected.isMute() ? 1 : 0;
      boolean same = expected.isMute() ? explains(expected, actual) : expected.equals(actual);
      if (!same) {
        differences.add(call + "\n  direct: " + expected + "\n  proxy:  " + actual);
      }
    }

    assertThat(differences).isEmpty();
    assertThat(calls).hasSizeGreaterThan(200);
    assertThat(successes).as("successes").isGreaterThan(calls.size() / 3);
    System.out.printf("%d calls, %d successes, %d mute errors%n", calls.size(), successes, mute);
    assertThat(mute).as("errors that the proxy had to explain").isLessThan(calls.size() / 4);
  }

  /** The documented rewrite of an error without JSON; to HEAD nobody can explain anything. */
  private static boolean explains(Answer expected, Answer actual) throws Exception {
    if (actual.body().isEmpty()) {
      return actual.equals(expected);
    }
    JsonNode error = JSON.readTree(actual.body()).path("error");
    return actual.status() == expected.status()
        && actual.headers().get("content-type").equals("[application/json]")
        && error.path("code").intValue() == expected.status()
        && error.path("type").isTextual();
  }

  @Test
  void config_differsByPrefixAndSeparatorAlone() throws Exception {
    Call ask = Call.of("GET", "/v1/config");
    ObjectNode expected = (ObjectNode) JSON.readTree(directly().answer(ask).body());
    ObjectNode overrides = (ObjectNode) expected.get("overrides");
    overrides.remove("namespace-separator");
    overrides.put("prefix", "lake");

    assertThat(JSON.readTree(throughTheProxy().answer(ask).body())).isEqualTo(expected);
  }

  @Test
  void largeCommit_passesWhole() throws Exception {
    String value = "x".repeat(LARGE);
    List<Call> calls =
        List.of(
            Call.of("POST", "/v1/namespaces", "{\"namespace\":[\"large\"]}"),
            Call.of(
                "POST",
                "/v1/namespaces/large/properties",
                JSON.writeValueAsString(Map.of("updates", Map.of("k", value)))),
            Call.of("GET", "/v1/namespaces/large"),
            Call.of("DELETE", "/v1/namespaces/large"));
    Side one = directly();
    Side other = throughTheProxy();
    for (Call call : calls) {
      Answer expected = one.answer(call);
      assertThat(other.answer(call).equals(expected)).as(call.toString()).isTrue();
      assertThat(expected.status()).as(call.toString()).isBetween(200, 204);
    }
  }
}
