package io.twinberg.files;

import io.twinberg.storage.ObjectStore;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.TableIdentifier;

/** One store for all tables of a source. */
record OneStore(ObjectStore store) implements SourceFiles {
  @Override
  public ObjectStore of(Supplier<TableIdentifier> table) {
    return store;
  }

  /** The store is its maker's. */
  @Override
  public void close() {}
}
