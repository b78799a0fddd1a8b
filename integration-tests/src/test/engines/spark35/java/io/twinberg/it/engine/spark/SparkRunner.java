package io.twinberg.it.engine.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Runs SQL for a test in another JVM: one JSON request a line in, one JSON answer a line out.
 *
 * <p>Requests are {@code {"start": conf}} (first, once), {@code {"session": conf}} (a fresh session
 * of the same Spark, with catalogs of its own) and {@code {"sql": statement}}. The end of the input
 * ends the process, so that it never outlives its parent.
 */
public final class SparkRunner {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SparkSession session;

  /** Answers requests until the input ends. */
  public static void main(String[] args) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // whatever libraries print must not get between the answers
    SparkRunner runner = new SparkRunner();
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      answers.write(JSON.writeValueAsBytes(runner.answer(JSON.readTree(line))));
      answers.write('\n');
      answers.flush();
    }
    Runtime.getRuntime().halt(0); // nothing here is worth Spark's orderly shutdown
  }

  private Map<String, Object> answer(JsonNode request) {
    try {
      if (request.has("start")) {
        start(conf(request.get("start")));
        return table(List.of("version"), List.of(List.of(session.version())));
      }
      if (request.has("session")) {
        session = session.newSession();
        conf(request.get("session")).forEach((key, value) -> session.conf().set(key, value));
        return table(List.of(), List.of());
      }
      return sql(request.get("sql").textValue());
    } catch (Throwable e) {
      e.printStackTrace(System.err);
      Map<String, Object> error = new LinkedHashMap<>();
      error.put("error", e.getClass().getName());
      error.put("message", String.valueOf(e.getMessage()));
      return error;
    }
  }

  private void start(Map<String, String> conf) {
    SparkSession.Builder builder = SparkSession.builder();
    conf.forEach(builder::config);
    session = builder.getOrCreate();
  }

  private Map<String, Object> sql(String statement) {
    Dataset<Row> result = session.sql(statement);
    List<Object> rows =
        Stream.of((Row[]) result.collect()).<Object>map(row -> PlainValues.cells(row)).toList();
    return table(List.of(result.columns()), rows);
  }

  private static Map<String, Object> table(List<String> columns, List<?> rows) {
    return Map.of("columns", columns, "rows", rows);
  }

  private static Map<String, String> conf(JsonNode node) {
    Map<String, String> conf = new LinkedHashMap<>();
    node.fields().forEachRemaining(field -> conf.put(field.getKey(), field.getValue().asText()));
    return conf;
  }
}
