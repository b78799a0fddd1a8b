package io.twinberg.operation;

import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.replica.PauseScope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/** Finds the replicas that an operation is about. */
public final class TargetedReplicas {
  private final Jdbi jdbi;

  /** The replicas of one database. */
  public TargetedReplicas(Database database) {
    this.jdbi = database.jdbi();
  }

  /** The ids of the replicas, in the order of their names. */
  public List<String> ids(ReplicaTarget target) {
    String sql =
        """
        select r.id from replica r join source_table t on t.id = r.table_id %s
        order by r.destination, r.namespace, r.name
        """
            .formatted(where(target));
    return jdbi.withHandle(
        handle -> bind(handle.createQuery(sql), target).mapTo(String.class).list());
  }

  /** How many of the replicas are paused, by the widest scope that pauses each. */
  public Map<PauseScope, Long> paused(ReplicaTarget target) {
    String sql =
        """
        select r.paused_by, count(*) as replicas from replica r join source_table t on t.id = r.table_id %s
        group by r.paused_by
        """
            .formatted(where(target));
    Map<PauseScope, Long> paused = new EnumMap<>(PauseScope.class);
    jdbi.useHandle(
        handle ->
            bind(handle.createQuery(sql), target)
                .map(
                    (row, context) ->
                        Map.entry(
                            Optional.ofNullable(row.getString("paused_by")),
                            row.getLong("replicas")))
                .forEach(
                    row ->
                        row.getKey()
                            .ifPresent(
                                scope -> paused.put(PauseScope.valueOf(scope), row.getValue()))));
    return paused;
  }

  private static Query bind(Query query, ReplicaTarget target) {
    target.source().ifPresent(name -> query.bind("source", name));
    target.destination().ifPresent(name -> query.bind("destination", name));
    target
        .table()
        .ifPresent(
            table ->
                query
                    .bind("namespace", NamespaceColumn.of(table.namespace()))
                    .bind("name", table.name()));
    return query;
  }

  private static String where(ReplicaTarget target) {
    List<String> conditions = new ArrayList<>();
    target.source().ifPresent(name -> conditions.add("r.source = :source"));
    target.destination().ifPresent(name -> conditions.add("r.destination = :destination"));
    target
        .table()
        .ifPresent(
            name ->
                conditions.add(
                    "((t.namespace = :namespace and t.name = :name)"
                        + " or (r.namespace = :namespace and r.name = :name))"));
    return conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions);
  }

  /** The source's metadata file of the version that a receipt is for. */
  public Optional<String> sourceMetadata(long receiptId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select source_metadata_location from receipt where id = :id")
                .bind("id", receiptId)
                .mapTo(String.class)
                .findOne());
  }
}
