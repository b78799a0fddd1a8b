package io.twinberg.it.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Flink with Iceberg in a JVM of its own, in batch mode. */
public final class FlinkProcess implements AutoCloseable {
  private static final EngineProject PROJECT = new EngineProject("flink");
  private static final Duration STATEMENT_LIMIT = Duration.ofMinutes(3);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);
  private static final List<String> OPENED_PACKAGES =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.io",
          "java.math",
          "java.net",
          "java.nio",
          "java.text",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic");

  private final ChildJvm jvm;

  private FlinkProcess(ChildJvm jvm) {
    this.jvm = jvm;
  }

  /** Starts a Flink that knows no catalogs yet. */
  public static FlinkProcess start() {
    List<String> flags = new ArrayList<>();
    flags.add("-Xmx1g");
    flags.add("-XX:+UseSerialGC");
    flags.add("-XX:TieredStopAtLevel=1");
    flags.add("-Duser.timezone=UTC");
    flags.add("-Dfile.encoding=UTF-8");
    OPENED_PACKAGES.stream()
        .flatMap(name -> Stream.of("--add-opens", "java.base/" + name + "=ALL-UNNAMED"))
        .forEach(flags::add);
    return new FlinkProcess(
        ChildJvm.start(
            new JvmCommand(
                JavaHome.ofVersion(17),
                flags,
                PROJECT.classPath(),
                "io.twinberg.it.engine.flink.FlinkRunner",
                List.of(),
                PROJECT.runDirectory())));
  }

  /** Makes a REST catalog known under a name. */
  public void catalog(String name, URI uri, Map<String, String> storage) {
    Map<String, String> properties = new TreeMap<>(ClientRegion.added(storage));
    properties.put("type", "iceberg");
    properties.put("catalog-type", "rest");
    properties.put("uri", uri.toString());
    properties.put("cache-enabled", "false");
    String with =
        properties.entrySet().stream()
            .map(entry -> "'%s' = '%s'".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    run("CREATE CATALOG %s WITH (%s)".formatted(name, with));
  }

  /** Runs statements of which only success matters; a write is done when this returns. */
  public void run(String... statements) {
    Stream.of(statements).forEach(this::rows);
  }

  /** The rows of a query: whole numbers are {@code Long}, what JSON has no type for is text. */
  public List<List<@Nullable Object>> rows(String sql) {
    JsonNode answer = ask(sql);
    if (answer.has("error")) {
      throw new AssertionError(
          sql + " failed: " + answer.get("error") + " " + answer.get("message").asText());
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (JsonNode row : answer.get("rows")) {
      List<@Nullable Object> cells = new ArrayList<>();
      row.forEach(cell -> cells.add(JSON.convertValue(cell, Object.class)));
      rows.add(cells);
    }
    return rows;
  }

  /** How a statement fails, causes and all; a statement that succeeds fails the test. */
  public String error(String sql) {
    JsonNode answer = ask(sql);
    if (!answer.has("error")) {
      throw new AssertionError("Succeeded, but should not: " + sql + " gave " + answer);
    }
    return answer.get("message").asText();
  }

  @Override
  public void close() {
    jvm.close();
  }

  private JsonNode ask(String sql) {
    try {
      return JSON.readTree(jvm.ask(JSON.writeValueAsString(Map.of("sql", sql)), STATEMENT_LIMIT));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(jvm.failure("spoke something else than JSON"), e);
    }
  }
}
