package io.twinberg.files;

import io.twinberg.storage.ObjectStore;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.TableIdentifier;

/** How the files of a source's tables are read. */
public interface SourceFiles extends AutoCloseable {
  /**
   * The store in which the files of a table are. It asks for nothing before it is read from, and
   * need not be closed.
   *
   * @param table its name at the source; looked up only where it matters
   */
  ObjectStore of(Supplier<TableIdentifier> table);

  @Override
  void close();

  /** All tables in one store, which the caller closes. */
  static SourceFiles in(ObjectStore store) {
    return new OneStore(store);
  }
}
