package io.twinberg.files;

import io.twinberg.source.Listing;
import io.twinberg.source.LoadResult;
import io.twinberg.source.NamespaceResult;
import io.twinberg.source.SourceReader;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** A source with one version of one table. */
record OneTable(LoadResult.Loaded version) implements SourceReader {
  @Override
  public Listing<Namespace> listNamespaces() {
    return new Listing.Listed<>(List.of());
  }

  @Override
  public Listing<TableIdentifier> listTables(Namespace namespace) {
    return new Listing.Listed<>(List.of());
  }

  @Override
  public LoadResult load(TableIdentifier table) {
    return version;
  }

  @Override
  public LoadResult loadIfChanged(TableIdentifier table, String etag) {
    return version;
  }

  @Override
  public NamespaceResult namespace(Namespace namespace) {
    return new NamespaceResult.Found(Map.of());
  }

  @Override
  public Listing<TableIdentifier> listViews(Namespace namespace) {
    return new Listing.Listed<>(List.of());
  }

  @Override
  public LoadResult loadView(TableIdentifier view) {
    return new LoadResult.NotFound("no views");
  }
}
