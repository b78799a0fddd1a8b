package io.twinberg.it.engine.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * Runs SQL for a test in another JVM, on Flink's cluster inside this one: one JSON request a line
 * in, {@code {"sql": statement}}, one JSON answer a line out. The end of the input ends the
 * process.
 */
public final class FlinkRunner {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TableEnvironment flink;

  /** Answers requests until the input ends. */
  public static void main(String[] args) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    FlinkRunner runner = new FlinkRunner(cluster());
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      answers.write(JSON.writeValueAsBytes(runner.answer(JSON.readTree(line))));
      answers.write('\n');
      answers.flush();
    }
    Runtime.getRuntime().halt(0);
  }

  private FlinkRunner(URI cluster) {
    Configuration client = new Configuration();
    client.set(DeploymentOptions.TARGET, "remote");
    client.set(RestOptions.ADDRESS, cluster.getHost());
    client.set(RestOptions.PORT, cluster.getPort());
    client.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    client.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    flink =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().inBatchMode().withConfiguration(client).build());
  }

  /**
   * A cluster that outlives its jobs. The one that Flink makes for each job by itself may be gone
   * before the rows of a small query are collected.
   */
  private static URI cluster() throws Exception {
    Configuration settings = new Configuration();
    settings.set(RestOptions.ADDRESS, "127.0.0.1");
    settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    settings.set(RestOptions.BIND_PORT, "0");
    // Hadoop keeps the class loader of the first job in static fields, as Flink's documentation
    // says.
    settings.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(2)
                .build());
    cluster.start();
    return cluster.getRestAddress().get();
  }

  private Map<String, Object> answer(JsonNode request) {
    try {
      String sql = request.get("sql").textValue();
      return Map.of("rows", sql.startsWith("INSERT") ? write(sql) : rows(flink.executeSql(sql)));
    } catch (Throwable e) {
      e.printStackTrace(System.err);
      Map<String, Object> error = new LinkedHashMap<>();
      error.put("error", e.getClass().getName());
      error.put("message", causes(e));
      return error;
    }
  }

  /** Flink wraps what went wrong several times over. */
  private static String causes(Throwable e) {
    StringBuilder causes = new StringBuilder();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      causes.append(cause).append('\n');
    }
    return causes.toString();
  }

  /** Waits for the end; a count is all that a write answers. */
  private List<Object> write(String sql) throws Exception {
    flink.executeSql(sql).await();
    return List.of();
  }

  private static List<Object> rows(TableResult result) throws Exception {
    List<Object> rows = new ArrayList<>();
    try (CloseableIterator<Row> all = result.collect()) {
      while (all.hasNext()) {
        rows.add(cells(all.next()));
      }
    }
    return rows;
  }

  private static List<Object> cells(Row row) {
    List<Object> cells = new ArrayList<>();
    for (int i = 0; i < row.getArity(); i++) {
      Object value = row.getField(i);
      boolean json = value == null || value instanceof Number || value instanceof Boolean;
      cells.add(json ? value : value.toString());
    }
    return cells;
  }
}
