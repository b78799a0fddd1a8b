package io.twinberg.it;

import io.twinberg.it.engine.SparkProcess;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of every version of a table as Spark reads them, each as JSON with the names of its
 * columns, in sorted order.
 */
public record TableRows(Map<String, List<String>> byVersion) {

  /** Reads all versions in one query, for each query has its price. */
  public static TableRows read(
      SparkProcess spark, String table, String columns, List<String> versions) {
    String union =
        versions.stream()
            .map(version -> select(table, columns, version))
            .collect(Collectors.joining(" UNION ALL "));
    Map<String, List<String>> rows = new TreeMap<>();
    // Sorted here, for Spark's ORDER BY reads everything twice.
    spark
        .rows(union)
        .forEach(
            row -> rows.computeIfAbsent(text(row, 0), key -> new ArrayList<>()).add(text(row, 1)));
    rows.values().forEach(Collections::sort);
    return new TableRows(rows);
  }

  private static String text(List<@Nullable Object> row, int column) {
    return (String) Objects.requireNonNull(row.get(column));
  }

  private static String select(String table, String columns, String version) {
    return "SELECT '%s' AS version, to_json(struct(%s), map('ignoreNullFields', 'false')) AS row"
            .formatted(version.replace("'", ""), columns)
        + " FROM %s VERSION AS OF %s".formatted(table, version);
  }
}
