package io.twinberg.source;

import io.twinberg.source.LoadResult.Denied;
import io.twinberg.source.LoadResult.Failure;
import io.twinberg.source.LoadResult.Loaded;
import io.twinberg.source.LoadResult.NotFound;
import io.twinberg.source.LoadResult.NotModified;
import io.twinberg.source.LoadResult.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.catalog.ViewCatalog;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.view.BaseView;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewMetadataParser;

/**
 * Reads a catalog in this process, such as the embedded source. Metadata comes from the file
 * itself, because Iceberg's model would lose what it does not know. Its ETag is the metadata
 * location.
 */
public final class CatalogSourceReader implements SourceReader {
  private final Catalog catalog;
  private final SupportsNamespaces namespaces;
  private final int maxMetadataBytes;
  private final Function<TableIdentifier, Optional<String>> locations;

  /**
   * A reader of one catalog.
   *
   * @param locations tells which metadata file a table has, without reading it; empty where that
   *     cannot be told
   */
  public CatalogSourceReader(
      Catalog catalog,
      SupportsNamespaces namespaces,
      int maxMetadataBytes,
      Function<TableIdentifier, Optional<String>> locations) {
    this.catalog = catalog;
    this.namespaces = namespaces;
    this.maxMetadataBytes = maxMetadataBytes;
    this.locations = locations;
  }

  /** A reader of one catalog that is both. */
  public static <C extends Catalog & SupportsNamespaces> CatalogSourceReader of(C catalog) {
    return of(catalog, table -> Optional.empty());
  }

  /** A reader of one catalog that is both and tells which metadata file a table has. */
  public static <C extends Catalog & SupportsNamespaces> CatalogSourceReader of(
      C catalog, Function<TableIdentifier, Optional<String>> locations) {
    return new CatalogSourceReader(
        catalog, catalog, RestSourceSettings.DEFAULT_MAX_BODY_BYTES, locations);
  }

  @Override
  public Listing<Namespace> listNamespaces() {
    return listing(this::allNamespaces);
  }

  @Override
  public Listing<TableIdentifier> listTables(Namespace namespace) {
    return listing(() -> catalog.listTables(namespace));
  }

  @Override
  public NamespaceResult namespace(Namespace namespace) {
    try {
      return new NamespaceResult.Found(namespaces.loadNamespaceMetadata(namespace));
    } catch (RuntimeException e) {
      return new NamespaceResult.Failed(failure(e));
    }
  }

  @Override
  public Listing<TableIdentifier> listViews(Namespace namespace) {
    return catalog instanceof ViewCatalog views
        ? listing(() -> views.listViews(namespace))
        : new Listing.Failed<>(new NotFound("the catalog has no views"));
  }

  // A view gives no access to its files: unlike a table's metadata, a view's comes from Iceberg's
  // model.
  @Override
  public LoadResult loadView(TableIdentifier id) {
    if (!(catalog instanceof ViewCatalog views)) {
      return new NotFound("the catalog has no views");
    }
    try {
      return views.loadView(id) instanceof BaseView view
          ? loaded(view.operations().current())
          : new NotFound("not a view: " + id);
    } catch (RuntimeException e) {
      return failure(e);
    }
  }

  private static LoadResult loaded(ViewMetadata view) {
    return new Loaded(
        view.metadataFileLocation(),
        view.uuid(),
        ViewMetadataParser.toJson(view).getBytes(StandardCharsets.UTF_8),
        Optional.empty());
  }

  @Override
  public LoadResult load(TableIdentifier table) {
    return load(table, Optional.empty());
  }

  @Override
  public LoadResult loadIfChanged(TableIdentifier table, String etag) {
    return load(table, Optional.of(etag));
  }

  @Override
  public Optional<String> metadataLocation(TableIdentifier table) {
    return locations.apply(table);
  }

  private LoadResult load(TableIdentifier id, Optional<String> etag) {
    BaseTable table;
    try {
      // For a.b.snapshots Iceberg answers with a view of the inside of a.b: that is no table.
      if (!(catalog.loadTable(id) instanceof BaseTable loaded)) {
        return new NotFound("not a table: " + id);
      }
      table = loaded;
    } catch (RuntimeException e) {
      return failure(e);
    }
    return read(table, etag);
  }

  // A file that is missing here is a broken table, not a missing one.
  private LoadResult read(BaseTable table, Optional<String> etag) {
    String location = table.operations().current().metadataFileLocation();
    if (etag.isPresent() && etag.get().equals(location)) {
      return new NotModified();
    }
    try {
      byte[] json = MetadataFile.read(table.io(), location, maxMetadataBytes);
      return new Loaded(location, LoadTableBody.tableUuid(json), json, Optional.of(location));
    } catch (IOException | RuntimeException e) {
      return Unavailable.because("cannot read " + location + ": " + e.getMessage(), e);
    }
  }

  private List<Namespace> allNamespaces() {
    List<Namespace> found = new ArrayList<>();
    Deque<Namespace> unvisited = new ArrayDeque<>(namespaces.listNamespaces());
    while (!unvisited.isEmpty()) {
      Namespace next = unvisited.remove();
      found.add(next);
      unvisited.addAll(namespaces.listNamespaces(next));
    }
    return found;
  }

  private static <T> Listing<T> listing(Supplier<List<T>> read) {
    try {
      return new Listing.Listed<>(read.get());
    } catch (RuntimeException e) {
      return new Listing.Failed<>(failure(e));
    }
  }

  private static Failure failure(RuntimeException e) {
    String detail = String.valueOf(e.getMessage());
    if (e instanceof NoSuchTableException
        || e instanceof NoSuchViewException
        || e instanceof NoSuchNamespaceException) {
      return new NotFound(detail);
    }
    if (e instanceof NotAuthorizedException) {
      return new Denied(401, detail);
    }
    return e instanceof ForbiddenException
        ? new Denied(403, detail)
        : Unavailable.because(detail, e);
  }
}
