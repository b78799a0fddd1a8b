package io.twinberg.files;

import io.twinberg.source.Listing;
import io.twinberg.source.LoadResult;
import io.twinberg.source.NamespaceResult;
import io.twinberg.source.SourceReader;
import java.util.function.BiConsumer;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** A reader that tells of every table version that it brings. */
record WatchedReader(SourceReader reader, BiConsumer<TableIdentifier, LoadResult.Loaded> watcher)
    implements SourceReader {
  @Override
  public Listing<Namespace> listNamespaces() {
    return reader.listNamespaces();
  }

  @Override
  public Listing<TableIdentifier> listTables(Namespace namespace) {
    return reader.listTables(namespace);
  }

  @Override
  public NamespaceResult namespace(Namespace namespace) {
    return reader.namespace(namespace);
  }

  @Override
  public Listing<TableIdentifier> listViews(Namespace namespace) {
    return reader.listViews(namespace);
  }

  @Override
  public LoadResult loadView(TableIdentifier view) {
    return reader.loadView(view);
  }

  @Override
  public LoadResult load(TableIdentifier table) {
    return told(table, reader.load(table));
  }

  @Override
  public LoadResult loadIfChanged(TableIdentifier table, String etag) {
    return told(table, reader.loadIfChanged(table, etag));
  }

  private LoadResult told(TableIdentifier table, LoadResult result) {
    if (result instanceof LoadResult.Loaded loaded) {
      watcher.accept(table, loaded);
    }
    return result;
  }
}
