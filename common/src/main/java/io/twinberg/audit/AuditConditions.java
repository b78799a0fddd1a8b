package io.twinberg.audit;

import io.twinberg.database.EntryHash;
import io.twinberg.database.NamespaceColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.statement.Query;

/** A filter as a where clause, with the values of its parameters. */
final class AuditConditions {
  private final List<String> terms = new ArrayList<>();
  private final Map<String, Object> values = new LinkedHashMap<>();

  static AuditConditions of(AuditFilter filter) {
    AuditConditions conditions = new AuditConditions();
    AuditScope scope = filter.scope();
    filter.kind().ifPresent(kind -> conditions.equal("kind", kind.name()));
    filter.actor().ifPresent(name -> conditions.equal("actor", name));
    scope.source().ifPresent(name -> conditions.equal("source", name));
    scope.destination().ifPresent(name -> conditions.equal("destination", name));
    scope
        .identifier()
        .ifPresentOrElse(conditions::table, () -> scope.namespace().ifPresent(conditions::within));
    filter.since().ifPresent(time -> conditions.term("recorded_at >= :since", "since", time));
    filter.until().ifPresent(time -> conditions.term("recorded_at < :until", "until", time));
    return conditions;
  }

  private void table(TableIdentifier name) {
    equal("entry_hash", EntryHash.of(name));
    equal("namespace", NamespaceColumn.of(name.namespace()));
    equal("name", name.name());
  }

  private void within(Namespace namespace) {
    equal("namespace_hash", EventColumns.namespaceHash(namespace));
    equal("namespace", NamespaceColumn.of(namespace));
  }

  private void equal(String column, String value) {
    term(column + " = :" + column, column, EventColumns.storable(value));
  }

  private void term(String sql, String name, Object value) {
    terms.add(sql);
    values.put(name, value);
  }

  /** Only what was recorded earlier than the cursor's entry. */
  AuditConditions before(AuditCursor cursor) {
    return beyond(cursor, "<");
  }

  /** Only what was recorded later than the cursor's entry. */
  AuditConditions after(AuditCursor cursor) {
    return beyond(cursor, ">");
  }

  /** Compares the time by itself first, since H2 finds no place in an index by two columns. */
  private AuditConditions beyond(AuditCursor cursor, String sign) {
    String sql = "recorded_at %s= :at and (recorded_at %s :at or id %s :id)";
    term(sql.formatted(sign, sign, sign), "at", cursor.at());
    values.put("id", cursor.id());
    return this;
  }

  String sql() {
    return terms.isEmpty() ? "" : "where " + String.join(" and ", terms);
  }

  Query bind(Query query) {
    values.forEach(query::bind);
    return query;
  }
}
