package io.twinberg.status;

import io.twinberg.database.EntryHash;
import io.twinberg.database.NamespaceColumn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * What rows of replicas {@code r} and their tables {@code t}, and then stated replicas {@code s},
 * must fulfil; with the values of its parameters.
 */
final class Conditions {
  private final List<String> ofRows = new ArrayList<>();
  private final List<String> ofStated = new ArrayList<>();
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Those of a filter; lags are as old as they are now. */
  static Conditions of(StatusFilter filter, Instant now) {
    Conditions all = new Conditions();
    filter.source().ifPresent(name -> all.row("r.source = :source", "source", name));
    filter
        .destination()
        .ifPresent(name -> all.row("r.destination = :destination", "destination", name));
    filter
        .lifecycle()
        .ifPresent(word -> all.row("r.lifecycle = :lifecycle", "lifecycle", word.name()));
    filter.paused().ifPresent(paused -> all.row("r.paused = :paused", "paused", paused));
    filter
        .needsPerson()
        .ifPresent(
            needs ->
                all.row("(r.error_code is not null and r.needs_person) = :needs", "needs", needs));
    filter
        .namespace()
        .map(NamespaceColumn::of)
        .ifPresent(levels -> all.row("t.namespace = :namespace", "namespace", levels));
    filter
        .tablePrefix()
        .ifPresent(
            text -> all.row("t.name like :prefix escape '!'", "prefix", pattern(text) + "%"));
    filter
        .tableContains()
        .ifPresent(
            text -> all.row("t.name like :part escape '!'", "part", "%" + pattern(text) + "%"));
    filter.state().ifPresent(state -> all.stated("s.state = :state", "state", state.name()));
    filter
        .minLag()
        .ifPresent(
            lag -> all.stated(StatedReplicas.OLDEST + " <= :since", "since", now.minus(lag)));
    return all;
  }

  /** Those of the replicas of the tables that have or had a name. */
  static Conditions ofTable(String source, TableIdentifier table) {
    Conditions all = new Conditions();
    all.row("t.source = :source", "source", source);
    all.row("t.entry_hash = :hash", "hash", EntryHash.of(table));
    all.row("t.namespace = :namespace", "namespace", NamespaceColumn.of(table.namespace()));
    all.row("t.name = :name", "name", table.name());
    return all;
  }

  private static String pattern(String text) {
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
  }

  private void row(String term, String name, Object value) {
    ofRows.add(term);
    values.put(name, value);
  }

  private void stated(String term, String name, Object value) {
    ofStated.add(term);
    values.put(name, value);
  }

  /** The clause of the rows. */
  String rows() {
    return where(ofRows);
  }

  /** The clause of stated replicas. */
  String states() {
    return where(ofStated);
  }

  private static String where(List<String> terms) {
    return terms.isEmpty() ? "" : "where " + String.join(" and ", terms);
  }

  <S extends SqlStatement<S>> S bind(S statement) {
    values.forEach(statement::bind);
    return statement;
  }
}
