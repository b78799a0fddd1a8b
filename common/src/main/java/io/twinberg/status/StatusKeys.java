package io.twinberg.status;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.Query;

/**
 * The SQL of one page's order: which replicas stand on it, by their sort keys alone. Whole rows are
 * read for those that do, and never sorted.
 */
record StatusKeys(StatusList list, Optional<StatusCursor> after) {
  /** A replica with its sort keys. */
  record Found(String id, StatusCursor cursor) {}

  /** The whole query over stated replicas. */
  String sql(String stated, Conditions where) {
    String columns = joined(i -> keys().get(i).sql() + " as k" + i, ", ");
    String order = joined(i -> "k" + i + (falls(i) ? " desc" : ""), ", ");
    return "select k.* from (select s.id, %s from %s s %s) k %s order by %s limit :limit"
        .formatted(
            columns,
            stated,
            where.states(),
            after.map(cursor -> "where " + behind()).orElse(""),
            order);
  }

  /** Behind the cursor: equal in the first keys, and further on in the next one. */
  private String behind() {
    return IntStream.range(0, keys().size())
        .mapToObj(
            last ->
                IntStream.rangeClosed(0, last)
                    .mapToObj(
                        i -> "k" + i + (i < last ? " = " : falls(i) ? " < " : " > ") + value(i))
                    .collect(Collectors.joining(" and ", "(", ")")))
        .collect(Collectors.joining(" or ", "(", ")"));
  }

  private String value(int i) {
    return keys().get(i).time()
        ? "cast(:after%d as timestamp with time zone)".formatted(i)
        : ":after" + i;
  }

  private boolean falls(int i) {
    return keys().get(i).falls() != list.descending();
  }

  private String joined(IntFunction<String> part, String separator) {
    return IntStream.range(0, keys().size()).mapToObj(part).collect(Collectors.joining(separator));
  }

  private List<StatusSort.Key> keys() {
    return list.sort().keys();
  }

  Query bind(Query query) {
    after.ifPresent(
        cursor -> {
          for (int i = 0; i < keys().size(); i++) {
            String value = cursor.values().get(i);
            if (keys().get(i).time()) {
              query.bind("after" + i, Instant.parse(value));
            } else {
              query.bind("after" + i, value);
            }
          }
        });
    return query;
  }

  Found found(ResultSet row) throws SQLException {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < keys().size(); i++) {
      values.add(
          keys().get(i).time()
              ? row.getTimestamp("k" + i).toInstant().toString()
              : row.getString("k" + i));
    }
    return new Found(row.getString("id"), new StatusCursor(values));
  }
}
