package io.twinberg.it.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Spark with Iceberg in a JVM of its own.
 *
 * <p>A start costs seconds, so tests share one per JVM and open a {@link #session} each, which
 * costs next to nothing and knows only the catalogs it was given.
 */
public final class SparkProcess implements AutoCloseable {
  private static final Duration STATEMENT_LIMIT = Duration.ofMinutes(3);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

  private final ChildJvm jvm;

  private SparkProcess(ChildJvm jvm) {
    this.jvm = jvm;
  }

  /** Starts a Spark 3.5 with these settings over the harness's own. */
  public static SparkProcess start(Map<String, String> sparkConf) {
    return start(new EngineProject("spark35"), sparkConf);
  }

  /** Starts a Spark 4.1. */
  public static SparkProcess start41() {
    return start(new EngineProject("spark41"), Map.of());
  }

  private static SparkProcess start(EngineProject project, Map<String, String> sparkConf) {
    ChildJvm jvm =
        ChildJvm.start(
            new JvmCommand(
                JavaHome.ofVersion(17), // what Spark supports; on 25 its Arrow breaks
                SparkSettings.jvmFlags(),
                project.classPath(),
                "io.twinberg.it.engine.spark.SparkRunner",
                List.of(),
                project.runDirectory()));
    SparkProcess spark = new SparkProcess(jvm);
    Map<String, String> conf = new HashMap<>(SparkSettings.conf());
    conf.putAll(sparkConf);
    try {
      spark.expectRows(Map.of("start", conf));
      return spark;
    } catch (RuntimeException | Error e) {
      jvm.kill();
      throw e;
    }
  }

  /** The one Spark 3.5 of this JVM, started when first asked for; it dies with this JVM. */
  public static SparkProcess shared() {
    return Shared.SPARK;
  }

  /** Leaves the session behind, catalogs and all, and opens one that knows these catalogs. */
  public void session(SparkCatalog... catalogs) {
    Map<String, String> conf = new HashMap<>();
    Stream.of(catalogs).forEach(catalog -> conf.putAll(catalog.conf()));
    expectRows(Map.of("session", conf));
  }

  /** Runs statements of which only success matters. */
  public void run(String... statements) {
    Stream.of(statements).forEach(this::rows);
  }

  /**
   * The rows of a query. Whole numbers are {@code Long}, fractions {@code Double}, structs and maps
   * {@code Map}, arrays {@code List}, binary hex digits, everything else text.
   */
  public List<List<@Nullable Object>> rows(String sql) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    expectRows(Map.of("sql", sql)).forEach(row -> rows.add(cells(row)));
    return rows;
  }

  /** The value of a query that has one row with one column. */
  public @Nullable Object value(String sql) {
    List<List<@Nullable Object>> rows = rows(sql);
    if (rows.size() != 1 || rows.get(0).size() != 1) {
      throw new AssertionError("Not one value: " + sql + " gave " + rows);
    }
    return rows.get(0).get(0);
  }

  /** How a statement fails; a statement that succeeds fails the test. */
  public SparkError error(String sql) {
    JsonNode answer = ask(Map.of("sql", sql));
    if (!answer.has("error")) {
      throw new AssertionError("Succeeded, but should not: " + sql + " gave " + answer);
    }
    return new SparkError(answer.get("error").textValue(), answer.get("message").textValue());
  }

  /** Ends its input and waits until it has ended by itself. */
  @Override
  public void close() {
    jvm.close();
  }

  private JsonNode expectRows(Map<String, ?> request) {
    JsonNode answer = ask(request);
    if (answer.has("error")) {
      throw new AssertionError(
          "%s: %s, for %s"
              .formatted(
                  answer.get("error").textValue(), answer.get("message").textValue(), request));
    }
    return answer.get("rows");
  }

  private JsonNode ask(Map<String, ?> request) {
    try {
      return JSON.readTree(jvm.ask(JSON.writeValueAsString(request), STATEMENT_LIMIT));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(jvm.failure("spoke something else than JSON"), e);
    }
  }

  private static List<@Nullable Object> cells(JsonNode row) {
    List<@Nullable Object> cells = new ArrayList<>();
    row.forEach(cell -> cells.add(JSON.convertValue(cell, Object.class)));
    return cells;
  }

  /** Holds the shared Spark, so that it starts when first asked for. */
  private static final class Shared {
    private static final SparkProcess SPARK = start(Map.of());
  }
}
