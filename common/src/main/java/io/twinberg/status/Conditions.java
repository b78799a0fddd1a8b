package io.twinberg.status;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.SqlStatement;

/** A where clause that grows, with the values of its parameters. */
final class Conditions {
  private final List<String> terms = new ArrayList<>();
  private final Map<String, String> values = new LinkedHashMap<>();

  static Conditions of(StatusFilter filter) {
    Conditions conditions = new Conditions();
    filter.source().ifPresent(source -> conditions.equal("source", source));
    filter.destination().ifPresent(name -> conditions.equal("destination", name));
    filter.state().ifPresent(state -> conditions.equal("state", state.name()));
    return conditions;
  }

  Conditions equal(String column, String value) {
    terms.add(column + " = :" + column);
    values.put(column, value);
    return this;
  }

  void behind(StatusCursor cursor) {
    terms.add(
        "(destination, namespace, name) > (:after_destination, :after_namespace, :after_name)");
    values.put("after_destination", cursor.destination());
    values.put("after_namespace", cursor.namespace());
    values.put("after_name", cursor.name());
  }

  String sql() {
    return terms.isEmpty() ? "" : "where " + String.join(" and ", terms);
  }

  <S extends SqlStatement<S>> S bind(S statement) {
    values.forEach(statement::bind);
    return statement;
  }
}
