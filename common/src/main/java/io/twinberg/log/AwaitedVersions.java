package io.twinberg.log;

import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import java.util.List;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Jdbi;

/** The versions of tables that commits through the proxy have made and the log does not have. */
public final class AwaitedVersions {
  private final Jdbi jdbi;

  /** Those of one database. */
  public AwaitedVersions(Database database) {
    this.jdbi = database.jdbi();
  }

  /**
   * Whether the log will still be told of versions of a table: by commits that are under way, or by
   * answers that are not explained yet.
   *
   * @param before by which commits; with a number, by those that were opened before that one
   */
  public boolean any(String source, TableIdentifier name, OptionalLong before) {
    return jdbi.withHandle(
        handle ->
            handle
                    .createQuery(
                        """
                        select count(*) from (
                          select id, kind, state from intent where source = :source and state = 'PENDING' and id < :before
                          union all
                          select id, kind, state from intent where source = :source and state = 'COMMITTED' and id < :before
                        ) i join intent_table t on t.intent_id = i.id
                        where t.namespace = :namespace and t.name = :name
                          and i.kind in ('CREATE_TABLE', 'UPDATE_TABLE')
                          and (i.state = 'PENDING' or t.metadata_location is not null)
                        """)
                    .bind("source", source)
                    .bind("before", before.orElse(Long.MAX_VALUE))
                    .bind("namespace", NamespaceColumn.of(name.namespace()))
                    .bind("name", name.name())
                    .mapTo(Long.class)
                    .one()
                > 0);
  }

  /** The commits to a table that are under way, or of which the log does not know the version. */
  public List<Intent> commits(String source, TableIdentifier name) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select i.* from (
                      select * from intent where source = :source and state = 'PENDING'
                      union all
                      select * from intent where source = :source and state = 'UNKNOWN'
                      union all
                      select * from intent where source = :source and state = 'COMMITTED'
                    ) i join intent_table t on t.intent_id = i.id
                    where t.namespace = :namespace and t.name = :name
                      and i.kind in ('CREATE_TABLE', 'UPDATE_TABLE', 'TRANSACTION')
                    order by i.id
                    """)
                .bind("source", source)
                .bind("namespace", NamespaceColumn.of(name.namespace()))
                .bind("name", name.name())
                .map(new IntentMapper(handle))
                .list());
  }
}
