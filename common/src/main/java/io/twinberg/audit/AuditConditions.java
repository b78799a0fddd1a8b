package io.twinberg.audit;

import io.twinberg.database.Database;
import io.twinberg.database.EntryHash;
import io.twinberg.database.NamespaceColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;

/**
 * A filter as a where clause, with the values of its parameters. One column's index leads to what
 * is asked for, in order. The other columns are hidden from H2, which would take any of their
 * indexes and read all that it finds there for one page; PostgreSQL knows how common each value is.
 */
final class AuditConditions {
  private static final String VERSION = "version_kind";
  private static final String DESTINATION = "destination";

  /** The columns of indexes of their own, those first that fewer entries have a value of. */
  private static final List<String> INDEXED =
      List.of("entry_hash", "namespace_hash", "actor", "kind", DESTINATION, "source", VERSION);

  /** Entries by what stands in their own rows. */
  private static final Rows OWN =
      new Rows("audit_entry", INDEXED, DESTINATION, "recorded_at", "id");

  /** Entries by one of the several destinations that they concern; there are few of them. */
  private static final Rows SEVERAL =
      new Rows(
          "audit_destination place join audit_entry on audit_entry.id = place.entry_id",
          List.of(DESTINATION),
          "place.destination",
          "place.recorded_at",
          "place.entry_id");

  private final Rows rows;
  private final List<String> terms = new ArrayList<>();
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Optional<String> lead;
  private final boolean hides;

  /** Where entries are looked up, and what the columns are called there. */
  private record Rows(String from, List<String> indexed, String destination, String at, String id) {
    /** Most entries are about versions: what else is asked for leads there faster. */
    String column(String key) {
      return switch (key) {
        case VERSION -> "kind";
        case DESTINATION -> destination;
        default -> key;
      };
    }
  }

  private AuditConditions(AuditFilter filter, Rows rows, boolean hides) {
    this.rows = rows;
    this.hides = hides;
    AuditScope scope = filter.scope();
    Map<String, String> equal = equal(filter);
    this.lead = rows.indexed().stream().filter(equal::containsKey).findFirst().map(rows::column);
    equal.forEach(this::equal);
    scope
        .namespace()
        .ifPresent(
            levels -> term("namespace = :namespace", "namespace", NamespaceColumn.of(levels)));
    scope.table().ifPresent(name -> term("name = :name", "name", EventColumns.storable(name)));
    filter.since().ifPresent(time -> term(rows.at() + " >= :since", "since", time));
    filter.until().ifPresent(time -> term(rows.at() + " < :until", "until", time));
  }

  static AuditConditions of(AuditFilter filter, Database database) {
    return new AuditConditions(filter, OWN, !database.shared());
  }

  /** Those on entries that concern several destinations, of which the filter names one. */
  static AuditConditions ofSeveral(AuditFilter filter, Database database) {
    return new AuditConditions(filter, SEVERAL, !database.shared());
  }

  private static Map<String, String> equal(AuditFilter filter) {
    AuditScope scope = filter.scope();
    Map<String, String> equal = new LinkedHashMap<>();
    scope
        .identifier()
        .ifPresentOrElse(
            name -> equal.put("entry_hash", EntryHash.of(name)),
            () ->
                scope
                    .namespace()
                    .ifPresent(
                        levels -> equal.put("namespace_hash", EventColumns.namespaceHash(levels))));
    filter.actor().ifPresent(name -> equal.put("actor", name));
    filter
        .kind()
        .ifPresent(kind -> equal.put(kind == AuditKind.VERSION ? VERSION : "kind", kind.name()));
    scope.destination().ifPresent(name -> equal.put(DESTINATION, name));
    scope.source().ifPresent(name -> equal.put("source", name));
    return equal;
  }

  private void equal(String key, String value) {
    String column = rows.column(key);
    boolean shown = !hides || lead.filter(column::equals).isPresent();
    String compared = shown ? column : "coalesce(" + column + ", '')";
    term(compared + " = :" + key, key, EventColumns.storable(value));
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
    term(
        "%1$s %3$s= :at and (%1$s %3$s :at or %2$s %3$s :id)".formatted(rows.at(), rows.id(), sign),
        "at",
        cursor.at());
    values.put("id", cursor.id());
    return this;
  }

  /** The statement for a page of at most {@code :size}. */
  String select(boolean newestFirst) {
    String where = terms.isEmpty() ? "" : "where " + String.join(" and ", terms);
    return "select audit_entry.* from %s %s %s limit :size"
        .formatted(rows.from(), where, order(newestFirst));
  }

  /**
   * In the order of time. The leading column stands before the time, though all entries have the
   * same in it: H2 does not know otherwise that its index has them in order.
   */
  private String order(boolean newestFirst) {
    String direction = newestFirst ? " desc" : "";
    return Stream.concat(lead.stream(), Stream.of(rows.at(), rows.id()))
        .map(column -> column + direction)
        .collect(Collectors.joining(", ", "order by ", ""));
  }

  Query bind(Query query) {
    values.forEach(query::bind);
    return query;
  }
}
