package io.twinberg.embedded;

import io.twinberg.database.Database;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.view.View;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A catalog of our own: Iceberg's JDBC catalog on Twinberg's database.
 *
 * <p>Namespaces, listings and renames are Iceberg's. Ours are the pointers' compare-and-set, which
 * may span tables, the check of locations, and that every change is on disk before its method
 * returns.
 */
public final class EmbeddedCatalog extends JdbcCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCatalog.class);
  private static final String NAMESPACE_MARK = "exists";

  private final Database database;
  private final EmbeddedSettings settings;
  private final FileIO io;
  private final LocationCheck locations;
  private final Pointers pointers;
  private final NamespaceRows namespaces;

  private EmbeddedCatalog(Database database, EmbeddedSettings settings, ConfinedFileIO io) {
    super(properties -> io, properties -> new DatabaseConnections(database), false);
    this.database = database;
    this.settings = settings;
    this.io = io;
    this.locations = new LocationCheck(new AllowedLocations(settings));
    this.pointers = new Pointers(database, settings.name());
    this.namespaces = new NamespaceRows(database, settings.name());
  }

  /** Opens the catalog, and makes its tables in the database where missing. */
  public static EmbeddedCatalog open(Database database, EmbeddedSettings settings) {
    return open(
        database,
        settings,
        CatalogUtil.loadFileIO(settings.ioImplementation(), settings.ioProperties(), null));
  }

  static EmbeddedCatalog open(Database database, EmbeddedSettings settings, FileIO files) {
    EmbeddedSchema.create(database);
    EmbeddedCatalog catalog =
        new EmbeddedCatalog(
            database, settings, new ConfinedFileIO(files, new AllowedLocations(settings)));
    catalog.initialize(
        settings.name(),
        Map.of(
            CatalogProperties.URI,
            "twinberg",
            CatalogProperties.WAREHOUSE_LOCATION,
            settings.warehouse(),
            "jdbc.schema-version",
            "V1",
            "jdbc.init-catalog-tables",
            "false",
            "jdbc.strict-mode",
            "true"));
    return catalog;
  }

  /** The current metadata file of a table, without reading it. */
  public Optional<String> metadataLocation(TableIdentifier table) {
    return pointers.location(EntryKind.TABLE, table);
  }

  /**
   * Commits changes to several tables: all of them or none.
   *
   * @throws org.apache.iceberg.exceptions.CommitFailedException when a requirement does not hold
   */
  public void commitTransaction(List<UpdateTableRequest> changes) {
    new TableTransaction(pointers, this::newTableOps).commit(changes);
  }

  /** Makes several changes of namespaces one: all happen, on disk, or none. */
  public <T> T atomically(Supplier<T> changes) {
    if (namespaces.inTransaction()) {
      return changes.get(); // the outermost call syncs, after its commit
    }
    T result = namespaces.inTransaction(changes);
    database.sync();
    return result;
  }

  /** Refuses locations that clients may not name, before anything is staged at them. */
  public void checkLocations(TableMetadata staged) {
    locations.table(null, staged);
  }

  @Override
  protected EmbeddedTableOperations newTableOps(TableIdentifier table) {
    return new EmbeddedTableOperations(table, pointers, io, locations);
  }

  @Override
  protected ViewOperations newViewOps(TableIdentifier view) {
    return new EmbeddedViewOperations(view, pointers, io, locations);
  }

  @Override
  protected String defaultWarehouseLocation(TableIdentifier table) {
    return DefaultLocation.of(settings.warehouse(), table);
  }

  @Override
  public boolean tableExists(TableIdentifier table) {
    return pointers.location(EntryKind.TABLE, table).isPresent();
  }

  @Override
  public boolean viewExists(TableIdentifier view) {
    return pointers.location(EntryKind.VIEW, view).isPresent();
  }

  @Override
  public List<TableIdentifier> listTables(Namespace namespace) {
    return super.listTables(StoredNames.stored(namespace)).stream()
        .map(table -> TableIdentifier.of(namespace, table.name()))
        .toList();
  }

  @Override
  public List<TableIdentifier> listViews(Namespace namespace) {
    return super.listViews(StoredNames.stored(namespace)).stream()
        .map(view -> TableIdentifier.of(namespace, view.name()))
        .toList();
  }

  @Override
  public Table registerTable(TableIdentifier table, String metadataLocation) {
    return registerTable(table, metadataLocation, false);
  }

  @Override
  public Table registerTable(TableIdentifier table, String metadataLocation, boolean overwrite) {
    locations.metadataFile(metadataLocation);
    EmbeddedTableOperations operations = newTableOps(table);
    Optional<String> before = overwrite ? metadataLocation(table) : Optional.empty();
    if (before.isEmpty()) {
      return readable(metadataLocation, () -> super.registerTable(table, metadataLocation));
    }
    TableMetadata registered =
        readable(metadataLocation, () -> TableMetadataParser.read(io, metadataLocation));
    locations.table(null, registered);
    pointers.apply(List.of(new PointerChange(EntryKind.TABLE, table, before, metadataLocation)));
    return new BaseTable(operations, CatalogUtil.fullTableName(name(), table));
  }

  @Override
  public View registerView(TableIdentifier view, String metadataLocation) {
    locations.metadataFile(metadataLocation);
    return readable(metadataLocation, () -> super.registerView(view, metadataLocation));
  }

  private static <T> T readable(String metadataLocation, Supplier<T> read) {
    try {
      return read.get();
    } catch (NotFoundException e) {
      throw new BadRequestException(e, "metadata-location %s does not exist", metadataLocation);
    }
  }

  @Override
  public boolean dropTable(TableIdentifier table, boolean purge) {
    Optional<TableMetadata> purged = purge ? lastMetadata(table) : Optional.empty();
    boolean dropped = pointers.remove(EntryKind.TABLE, table);
    if (dropped) {
      // Files go after the row is gone from the disk: a crash leaves files, never a broken table.
      purged.ifPresent(last -> purge(table, () -> CatalogUtil.dropTableData(io, last)));
    }
    return dropped;
  }

  private Optional<TableMetadata> lastMetadata(TableIdentifier table) {
    try {
      return Optional.ofNullable(newTableOps(table).current());
    } catch (NotFoundException e) {
      LOG.warn("purge_without_metadata table={} reason={}", table, e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public boolean dropView(TableIdentifier view) {
    Optional<ViewMetadata> last = lastViewMetadata(view);
    boolean dropped = pointers.remove(EntryKind.VIEW, view);
    if (dropped) {
      last.ifPresent(found -> purge(view, () -> CatalogUtil.dropViewMetadata(io, found)));
    }
    return dropped;
  }

  private Optional<ViewMetadata> lastViewMetadata(TableIdentifier view) {
    try {
      return Optional.ofNullable(newViewOps(view).current());
    } catch (NotFoundException e) {
      LOG.warn("drop_without_metadata view={} reason={}", view, e.getMessage());
      return Optional.empty();
    }
  }

  /** The drop has happened: files that cannot be removed are a leftover, not a failure. */
  private static void purge(TableIdentifier identifier, Runnable deletion) {
    try {
      deletion.run();
    } catch (RuntimeException e) {
      LOG.warn("purge_incomplete identifier={}", identifier, e);
    }
  }

  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    StoredNames.require(to);
    changeIn(to.namespace(), () -> super.renameTable(stored(from), stored(to)));
  }

  @Override
  public void renameView(TableIdentifier from, TableIdentifier to) {
    StoredNames.require(to);
    changeIn(to.namespace(), () -> super.renameView(stored(from), stored(to)));
  }

  private static TableIdentifier stored(TableIdentifier identifier) {
    return StoredNames.stored(identifier);
  }

  @Override
  public void createNamespace(Namespace namespace, Map<String, String> properties) {
    StoredNames.require(namespace);
    locations.namespace(properties);
    namespaces.requireUnique(
        namespace,
        () ->
            change(
                () -> {
                  namespaces.createParents(namespace);
                  super.createNamespace(StoredNames.stored(namespace), properties);
                }));
  }

  /** By its row; Iceberg would look through all tables for one whose namespace begins alike. */
  @Override
  public boolean namespaceExists(Namespace namespace) {
    return namespaces.exists(namespace) || super.namespaceExists(StoredNames.stored(namespace));
  }

  @Override
  public List<Namespace> listNamespaces() {
    return super.listNamespaces().stream().map(StoredNames::named).toList();
  }

  @Override
  public List<Namespace> listNamespaces(Namespace parent) {
    return super.listNamespaces(StoredNames.stored(parent)).stream()
        .map(StoredNames::named)
        .toList();
  }

  @Override
  public Map<String, String> loadNamespaceMetadata(Namespace namespace) {
    Namespace stored = StoredNames.stored(namespace);
    Map<String, String> properties = new HashMap<>(super.loadNamespaceMetadata(stored));
    // Iceberg's default location joins the levels as they are: a slash would lead elsewhere.
    properties.replace(
        "location",
        settings.warehouse() + "/" + String.join("/", stored.levels()),
        DefaultLocation.of(settings.warehouse(), namespace));
    // Iceberg asks maps for null, which immutable ones refuse.
    return Collections.unmodifiableMap(properties);
  }

  @Override
  public boolean dropNamespace(Namespace namespace) {
    return atomically(
        () -> {
          namespaces.lock(namespace);
          return super.dropNamespace(StoredNames.stored(namespace));
        });
  }

  @Override
  public boolean setProperties(Namespace namespace, Map<String, String> properties) {
    locations.namespace(properties);
    return atomically(
        () -> {
          namespaces.lock(namespace);
          return super.setProperties(StoredNames.stored(namespace), properties);
        });
  }

  @Override
  public boolean removeProperties(Namespace namespace, Set<String> keys) {
    if (keys.contains(NAMESPACE_MARK)) {
      throw new BadRequestException("Cannot remove reserved property: %s", NAMESPACE_MARK);
    }
    return atomically(
        () -> {
          namespaces.lock(namespace);
          return super.removeProperties(StoredNames.stored(namespace), keys);
        });
  }

  /** Keeps the namespace from being dropped under a change that moves something into it. */
  private void changeIn(Namespace namespace, Runnable change) {
    change(
        () -> {
          namespaces.lock(namespace);
          change.run();
        });
  }

  private void change(Runnable change) {
    atomically(
        () -> {
          change.run();
          return true;
        });
  }
}
