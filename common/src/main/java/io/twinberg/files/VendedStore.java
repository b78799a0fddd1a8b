package io.twinberg.files;

import io.twinberg.storage.CopyDomain;
import io.twinberg.storage.Deadline;
import io.twinberg.storage.KeyedStores;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreException.Kind;
import io.twinberg.storage.StoreOutput;
import io.twinberg.storage.StoredObject;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The files of one table, read with what its catalog vends; nothing else is ever tried. Once the
 * store refuses, the call is made again with others, if the catalog has some.
 */
final class VendedStore implements ObjectStore {
  /** The store that credentials open for a location. */
  interface Opener {
    ObjectStore open(VendedTable table, Held credentials, String location);
  }

  private final VendedTable table;
  private final Opener stores;
  private final ObjectStore local;

  /** A store that takes files without keys from {@code local}. */
  VendedStore(VendedTable table, Opener stores, ObjectStore local) {
    this.table = table;
    this.local = local;
    this.stores = stores;
  }

  @Override
  public InputStream open(String location) {
    return reading(location, store -> store.open(location));
  }

  @Override
  public InputStream open(String location, long offset) {
    return reading(location, store -> store.open(location, offset));
  }

  @Override
  public OptionalLong length(String location) {
    return reading(location, store -> store.length(location));
  }

  @Override
  public List<String> folders(String folder) {
    return reading(folder, store -> store.folders(folder));
  }

  @Override
  public List<StoredObject> list(String folder) {
    return reading(folder, store -> store.list(folder));
  }

  @Override
  public CopyDomain copyDomain(String location) {
    ObjectStore store =
        KeyedStores.needsKeys(location)
            ? stores.open(table, table.current(location), location)
            : local;
    return store.copyDomain(location);
  }

  private <T> T reading(String location, Function<ObjectStore, T> call) {
    if (!KeyedStores.needsKeys(location)) {
      return call.apply(local);
    }
    Held credentials = table.current(location);
    try {
      return call.apply(stores.open(table, credentials, location));
    } catch (StoreException e) {
      if (e.kind() != Kind.DENIED) {
        throw e;
      }
      Optional<Held> others = table.insteadOf(credentials);
      if (others.isEmpty()) {
        throw e;
      }
      return call.apply(stores.open(table, others.get(), location));
    }
  }

  @Override
  public void put(String location, byte[] bytes) {
    throw readOnly();
  }

  @Override
  public StoreOutput create(String location) {
    throw readOnly();
  }

  @Override
  public void delete(String location, Deadline deadline) {
    throw readOnly();
  }

  @Override
  public void copy(String source, String target, long expectedLength) {
    throw readOnly();
  }

  /** Holds nothing: the connections are shared by all tables of the source. */
  @Override
  public void close() {}

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("the files of a source are only read");
  }
}
