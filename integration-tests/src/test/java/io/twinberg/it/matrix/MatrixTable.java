package io.twinberg.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.Setup;
import io.twinberg.it.TableRows;
import io.twinberg.it.engine.SparkProcess;
import io.twinberg.replica.ReplicaFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table that Spark writes, and its replica. In statements {@code $t} is the table at the source,
 * {@code $n} its name for procedures.
 */
final class MatrixTable {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final MatrixLake lake;
  private final Cell cell;
  private final String name;
  private final Map<String, Long> marks = new HashMap<>();
  private final Map<Long, List<String>> rowsOfSnapshots = new HashMap<>();
  private String step = "before the first step";

  MatrixTable(MatrixLake lake, Cell cell, String name) {
    this.lake = lake;
    this.cell = cell;
    this.name = name;
  }

  Cell cell() {
    return cell;
  }

  String name() {
    return name;
  }

  /** The step that was begun last. */
  String step() {
    return step;
  }

  String atSource() {
    return Setup.SOURCE + "." + MatrixLake.NAMESPACE + "." + name;
  }

  String atDestination() {
    return Setup.DESTINATION + "." + MatrixLake.NAMESPACE + "." + name;
  }

  /** A folder of this machine for what Spark reads or writes beside the lake. */
  String localFolder(String last) {
    return "file:" + lake.folder().resolve(name).resolve(last);
  }

  /** Creates the table with columns and partition fields in SQL, and more properties. */
  void create(String columns, String partitions, Map<String, String> more) {
    Map<String, String> properties = new HashMap<>(cell.properties());
    properties.putAll(more);
    String list =
        properties.entrySet().stream()
            .map(entry -> "'%s' = '%s'".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    step(
        "create",
        "CREATE TABLE $t (%s) USING iceberg %s TBLPROPERTIES (%s)"
            .formatted(
                columns, partitions.isEmpty() ? "" : "PARTITIONED BY (" + partitions + ")", list));
  }

  /** The usual table: orders, partitioned by region. */
  void createOrders() {
    create("id BIGINT, region STRING, amount DOUBLE, note STRING", "region", Map.of());
  }

  /** Runs statements, waits for the replica and compares the rows that both show now. */
  void step(String what, String... statements) {
    step = what;
    for (String statement : statements) {
      spark().run(expanded(statement));
    }
    compareCurrent();
  }

  /** Remembers the current snapshot of the source under a name. */
  void mark(String label) {
    marks.put(label, state().current().orElseThrow());
  }

  long marked(String label) {
    return Optional.ofNullable(marks.get(label)).orElseThrow();
  }

  /** The single value of a query. */
  @Nullable Object value(String query) {
    return spark().value(expanded(query));
  }

  /** Compares the rows of all snapshots, branches and tags, of those too that the source forgot. */
  void compareAllVersions() {
    step = "all versions";
    TableState state = state();
    List<String> versions = state.history().versions();
    if (!versions.isEmpty()) {
      assertThat(rows(atDestination(), state.columns(), versions))
          .isEqualTo(rows(atSource(), state.columns(), versions));
    }
    List<String> forgotten =
        rowsOfSnapshots.keySet().stream()
            .map(String::valueOf)
            .filter(id -> !versions.contains(id))
            .toList();
    for (String id : forgotten) {
      assertThat(rows(atDestination(), "*", List.of(id)).byVersion().getOrDefault(id, List.of()))
          .as("snapshot %s, which the source expired", id)
          .isEqualTo(rowsOfSnapshots.get(Long.valueOf(id)));
    }
  }

  private TableRows rows(String table, String columns, List<String> versions) {
    return TableRows.read(spark(), table, columns, versions);
  }

  private void compareCurrent() {
    TableState state = state();
    awaitReplica(state);
    Map<String, List<String>> rows = currentRows(state);
    List<String> source = rows.getOrDefault("source", List.of());
    assertThat(rows.getOrDefault("replica", List.of())).isEqualTo(source);
    state.current().ifPresent(id -> rowsOfSnapshots.computeIfAbsent(id, this::rowsWithoutIds));
  }

  /** In one query, for each query has its price. */
  private Map<String, List<String>> currentRows(TableState state) {
    String both =
        select("source", atSource(), state)
            + " UNION ALL "
            + select("replica", atDestination(), state);
    return spark().rows(both).stream()
        .collect(
            Collectors.groupingBy(
                row -> String.valueOf(row.get(0)),
                Collectors.collectingAndThen(
                    Collectors.toList(),
                    all -> all.stream().map(row -> String.valueOf(row.get(1))).sorted().toList())));
  }

  private static String select(String side, String table, TableState state) {
    return "SELECT '%s' AS side, to_json(struct(%s), map('ignoreNullFields', 'false')) AS row FROM %s"
        .formatted(side, state.columns(), table);
  }

  private List<String> rowsWithoutIds(long snapshot) {
    String id = Long.toString(snapshot);
    return rows(atSource(), "*", List.of(id)).byVersion().getOrDefault(id, List.of());
  }

  private void awaitReplica(TableState state) {
    await("replica of " + name)
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(30))
        .until(() -> isReplicated(state));
  }

  private boolean isReplicated(TableState state) {
    requireNoFailure(); // which no waiting would mend
    return shown(Setup.DESTINATION).filter(state::isShownBy).isPresent();
  }

  private void requireNoFailure() {
    Optional<ReplicaFailure> failure =
        lake.twinberg().failure(MatrixLake.NAMESPACE, name).filter(ReplicaFailure::needsPerson);
    assertThat(failure).isEmpty();
  }

  private TableState state() {
    return shown(Setup.SOURCE).orElseThrow();
  }

  private Optional<TableState> shown(String catalog) {
    return TableState.of(lake.twinberg().reads(catalog).load(MatrixLake.NAMESPACE, name));
  }

  private String expanded(String statement) {
    return statement.replace("$t", atSource()).replace("$n", MatrixLake.NAMESPACE + "." + name);
  }

  private SparkProcess spark() {
    return lake.spark();
  }
}
