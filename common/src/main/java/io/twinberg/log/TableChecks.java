package io.twinberg.log;

import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;

/** When the tables of all sources were checked, and when each is due again. */
public final class TableChecks {
  private static final String UNSEEN =
      """
      source = :source and lifecycle = 'ACTIVE' and (checked_at is null or checked_at < :since)
        and exists (select 1 from replica r where r.table_id = source_table.id and r.lifecycle = 'ACTIVE')
      """;

  private final Jdbi jdbi;
  private final Clock clock;

  /** The checks of one database. */
  public TableChecks(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /** The active tables of a source whose next check is due, longest waiting first. */
  public List<SourceTable> due(String source, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from source_table
                    where source = :source and lifecycle = 'ACTIVE' and check_after <= :now
                    order by check_after, id limit :limit
                    """)
                .bind("source", source)
                .bind("now", clock.instant())
                .bind("limit", limit)
                .map((row, context) -> SourceTables.table(row))
                .list());
  }

  /**
   * Records checks together. A table for which a look was asked since stays due; one at whose row
   * somebody else writes is left as it is, to be checked again: nobody waits for another here, so
   * that no two can wait for each other.
   */
  public void checked(Collection<TableCheck> checks) {
    if (!checks.isEmpty()) {
      jdbi.useTransaction(handle -> write(handle, checks));
    }
  }

  private static void write(Handle handle, Collection<TableCheck> checks) {
    Set<Long> free =
        handle
            .createQuery(
                "select id from source_table where id in (<ids>) order by id for update skip locked")
            .bindList("ids", checks.stream().map(TableCheck::table).toList())
            .mapTo(Long.class)
            .collectInto(HashSet.class);
    PreparedBatch batch =
        handle.prepareBatch(
            """
            update source_table
            set checked_at = :at, looks_answered = greatest(looks_answered, :asked),
                check_after = case when looks_asked > :asked then check_after else :next end,
                unchanged_checks = case when :changed then 0 else unchanged_checks + 1 end
            where id = :id
            """);
    checks.stream()
        .filter(check -> free.contains(check.table()))
        .forEach(
            check ->
                batch
                    .bind("at", check.at())
                    .bind("asked", check.asked())
                    .bind("next", check.at().plus(check.interval()))
                    .bind("changed", check.changed())
                    .bind("id", check.table())
                    .add());
    batch.execute();
  }

  /** Puts off the next check of a table whose source could not be asked. */
  public void postpone(long id, Duration wait) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "update source_table set check_after = ? where id = ?",
                clock.instant().plus(wait),
                id));
  }

  /** Asks for a look at a table at the next turn of whoever looks. */
  public void demand(long id) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                update source_table set looks_asked = looks_asked + 1, check_after = least(check_after, ?)
                where id = ?
                """,
                clock.instant(),
                id));
  }

  /** Makes the next check of every active table of a source due now. */
  public void allDue(String source) {
    // What is due already keeps its place: asked again and again, the last ones would never come.
    Instant now = clock.instant();
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                update source_table set check_after = ?
                where source = ? and lifecycle = 'ACTIVE' and check_after > ?
                """,
                now,
                source,
                now));
  }

  /**
   * How many tables of a source that replicas follow were not checked since a moment.
   *
   * @param name of one of them; empty: all
   */
  public long unseen(String source, Optional<TableIdentifier> name, Instant since) {
    return jdbi.withHandle(
        handle ->
            bindUnseen(
                    handle.createQuery(
                        "select count(*) from source_table where " + UNSEEN + and(name)),
                    source,
                    name,
                    since)
                .mapTo(Long.class)
                .one());
  }

  /** Asks for a look at each of those. */
  public void demandUnseen(String source, Optional<TableIdentifier> name, Instant since) {
    jdbi.useHandle(
        handle ->
            bindUnseen(
                    handle.createUpdate(
                        """
                        update source_table
                        set looks_asked = looks_asked + 1, check_after = least(check_after, :now) where
                        """
                            + UNSEEN
                            + and(name)),
                    source,
                    name,
                    since)
                .bind("now", clock.instant())
                .execute());
  }

  private static String and(Optional<TableIdentifier> name) {
    return name.isPresent() ? "and namespace = :namespace and name = :name" : "";
  }

  private static <S extends SqlStatement<S>> S bindUnseen(
      S statement, String source, Optional<TableIdentifier> name, Instant since) {
    statement.bind("source", source).bind("since", since);
    name.ifPresent(
        table ->
            statement
                .bind("namespace", NamespaceColumn.of(table.namespace()))
                .bind("name", table.name()));
    return statement;
  }
}
