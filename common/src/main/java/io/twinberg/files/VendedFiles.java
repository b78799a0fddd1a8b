package io.twinberg.files;

import io.twinberg.source.CredentialSource;
import io.twinberg.source.LoadResult;
import io.twinberg.source.SourceReader;
import io.twinberg.storage.KeyedStores;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import io.twinberg.storage.S3Keys;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Reads each table with the credentials that the catalog vends for it. They live in memory only,
 * and only for the tables read last.
 */
public final class VendedFiles implements SourceFiles {
  private static final int TABLES = 1000;

  private final String source;
  private final CredentialSource catalog;
  private final Map<String, String> storage;
  private final Clock clock;
  private final ObjectStores local = ObjectStores.from(Map.of());
  private final KeyedStores stores = new KeyedStores();

  // Guarded by itself; least recently used first. A table that was left out while somebody reads
  // with it is kept by its reader.
  private final Map<TableIdentifier, VendedTable> tables = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Files of one source.
   *
   * @param storage where the store is, and how to speak with it; keys in it are never used
   */
  public VendedFiles(
      String source, CredentialSource catalog, Map<String, String> storage, Clock clock) {
    this.source = source;
    this.catalog = catalog;
    this.clock = clock;
    Map<String, String> keyless = new HashMap<>(storage);
    keyless.keySet().removeIf(S3Keys::names);
    this.storage = Map.copyOf(keyless);
  }

  @Override
  public ObjectStore of(Supplier<TableIdentifier> name) {
    return new VendedStore(table(name.get()), this::store, local);
  }

  /** A reader whose loads bring credentials along, which are then used here. */
  public SourceReader watching(SourceReader reader) {
    return new WatchedReader(reader, this::seen);
  }

  private void seen(TableIdentifier name, LoadResult.Loaded loaded) {
    table(name).seen(loaded.credentials());
  }

  private VendedTable table(TableIdentifier name) {
    synchronized (tables) {
      VendedTable table =
          tables.computeIfAbsent(name, key -> new VendedTable(source, key, catalog, clock));
      if (tables.size() > TABLES) {
        tables.remove(tables.keySet().iterator().next());
      }
      return table;
    }
  }

  private ObjectStore store(VendedTable table, Held held, String location) {
    Map<String, String> vended =
        held.credentials()
            .settings(location)
            .orElseThrow(() -> new NotVendedException(source, table.name(), location));
    Map<String, String> settings = new HashMap<>(storage);
    settings.putAll(vended);
    return stores.with(settings);
  }

  @Override
  public void close() {
    stores.close();
    local.close();
  }
}
