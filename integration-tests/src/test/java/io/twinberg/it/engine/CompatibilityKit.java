package io.twinberg.it.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Iceberg's own REST compatibility kit, run in a JVM of its own against a catalog.
 *
 * <p>Its client writes files where the catalog says, without keys: the catalog's warehouse is a
 * folder of this machine.
 */
public final class CompatibilityKit {
  private static final EngineProject PROJECT = new EngineProject("rck");
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String TABLES = "org.apache.iceberg.rest.RESTCompatibilityKitCatalogTests";
  private static final String VIEWS =
      "org.apache.iceberg.rest.RESTCompatibilityKitViewCatalogTests";

  /** How a test ended: {@code PASSED}, {@code FAILED}, {@code ABORTED} or {@code SKIPPED}. */
  public record Outcome(String status, String message) {}

  private CompatibilityKit() {}

  /**
   * Runs the kit's tests of tables and views with switches of its own, such as {@code
   * rck.requires-namespace-create}; the result of each by its name.
   */
  public static Map<String, Outcome> run(URI catalog, Map<String, String> switches) {
    try (ChildJvm jvm = ChildJvm.start(command(catalog, switches))) {
      String request = JSON.writeValueAsString(Map.of("classes", List.of(TABLES, VIEWS)));
      return outcomes(JSON.readTree(jvm.ask(request, LIMIT)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The kit's JVM spoke something else than JSON", e);
    }
  }

  private static Map<String, Outcome> outcomes(JsonNode answer) {
    Map<String, Outcome> outcomes = new TreeMap<>();
    answer
        .get("tests")
        .forEach(
            test ->
                outcomes.put(
                    test.get("test").textValue(),
                    new Outcome(test.get("status").textValue(), test.get("message").textValue())));
    return outcomes;
  }

  private static JvmCommand command(URI catalog, Map<String, String> switches) {
    Path directory = PROJECT.runDirectory();
    List<String> flags =
        new ArrayList<>(
            List.of(
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dfile.encoding=UTF-8",
                "-Djava.io.tmpdir=" + directory,
                "-Duri=" + catalog)); // the kit takes its client's settings from plain properties
    switches.forEach((key, value) -> flags.add("-D" + key + "=" + value));
    return new JvmCommand(
        JavaHome.current(),
        flags,
        PROJECT.classPath(),
        "io.twinberg.it.engine.rck.RckRunner",
        List.of(),
        directory);
  }
}
