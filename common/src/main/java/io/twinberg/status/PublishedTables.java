package io.twinberg.status;

import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import java.util.List;
import org.apache.iceberg.catalog.Namespace;
import org.jdbi.v3.core.Jdbi;

/** The names under which a destination shows tables: those of replicas that were ever published. */
public final class PublishedTables {
  private final Jdbi jdbi;

  /** The names of one database. */
  public PublishedTables(Database database) {
    this.jdbi = database.jdbi();
  }

  /**
   * Up to {@code limit} names of a namespace, in order.
   *
   * @param after the name behind which the list goes on; empty for its beginning
   */
  public List<String> names(String destination, Namespace namespace, String after, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select name from replica
                    where destination = :destination and namespace = :namespace and name > :after
                      and metadata_location is not null
                    order by name limit :limit
                    """)
                .bind("destination", destination)
                .bind("namespace", NamespaceColumn.of(namespace))
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(String.class)
                .list());
  }
}
