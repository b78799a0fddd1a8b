package io.twinberg.source;

import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** Reads one source catalog; every answer says how it failed, and none of them throws for that. */
public interface SourceReader {
  /** All namespaces, children after their parents; complete or failed, never a part. */
  Listing<Namespace> listNamespaces();

  /** The tables that lie directly in a namespace; complete or failed, never a part. */
  Listing<TableIdentifier> listTables(Namespace namespace);

  /** The properties of a namespace. */
  NamespaceResult namespace(Namespace namespace);

  /**
   * The views that lie directly in a namespace; complete or failed, never a part. A source that has
   * no views at all fails with {@link LoadResult.NotFound}.
   */
  Listing<TableIdentifier> listViews(Namespace namespace);

  /** The current version of a view; its UUID stands for the table's. */
  LoadResult loadView(TableIdentifier view);

  /** The current version of a table with all its snapshots. */
  LoadResult load(TableIdentifier table);

  /** Like {@link #load}, but answers {@link LoadResult.NotModified} if the ETag still stands. */
  LoadResult loadIfChanged(TableIdentifier table, String etag);

  /**
   * The metadata file that a table has now, where the source tells it without reading the file;
   * empty where it does not, or seems to have no such table.
   */
  default Optional<String> metadataLocation(TableIdentifier table) {
    return Optional.empty();
  }
}
