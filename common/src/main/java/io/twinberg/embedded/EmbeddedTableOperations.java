package io.twinberg.embedded;

import java.util.List;
import java.util.Optional;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/** One table: loads the current metadata, and commits by writing a file and moving the pointer. */
final class EmbeddedTableOperations extends BaseMetastoreTableOperations {
  /** Iceberg's default of 20 would hold a request for minutes when the store is down. */
  private static final int READ_RETRIES = 2;

  private final TableIdentifier table;
  private final Pointers pointers;
  private final FileIO io;
  private final LocationCheck locations;

  EmbeddedTableOperations(
      TableIdentifier table, Pointers pointers, FileIO io, LocationCheck locations) {
    this.table = table;
    this.pointers = pointers;
    this.io = io;
    this.locations = locations;
  }

  @Override
  protected void doRefresh() {
    Optional<String> location = pointers.location(EntryKind.TABLE, table);
    if (location.isPresent()) {
      refreshFromMetadataLocation(location.get(), READ_RETRIES);
    } else if (currentMetadataLocation() != null) {
      throw new NoSuchTableException("Table was dropped concurrently: %s", table);
    } else {
      disableRefresh();
    }
  }

  @Override
  protected void doCommit(@Nullable TableMetadata base, TableMetadata metadata) {
    requireNoView(base);
    PointerChange change = prepare(base, metadata);
    try {
      pointers.apply(List.of(change));
    } catch (CommitStateUnknownException e) {
      throw e; // the file may be current
    } catch (RuntimeException e) {
      discard(change, metadata);
      throw e;
    }
  }

  /** Fails early with the right words; the primary key is what keeps tables and views apart. */
  private void requireNoView(@Nullable TableMetadata base) {
    if (base == null && pointers.location(EntryKind.VIEW, table).isPresent()) {
      throw new AlreadyExistsException("View with same name already exists: %s", table);
    }
  }

  /** Writes the metadata file that the pointer is to move to. */
  PointerChange prepare(@Nullable TableMetadata base, TableMetadata metadata) {
    check(base, metadata);
    return new PointerChange(
        EntryKind.TABLE,
        table,
        Optional.ofNullable(base).map(TableMetadata::metadataFileLocation),
        MetadataWrite.of(table, () -> writeNewMetadataIfRequired(base == null, metadata)));
  }

  /** A change that succeeds only when the pointer has not moved, and leaves it there. */
  PointerChange hold(String location) {
    return new PointerChange(EntryKind.TABLE, table, Optional.of(location), location);
  }

  /** Refuses names and locations that the catalog does not take. */
  void check(@Nullable TableMetadata base, TableMetadata metadata) {
    if (base == null) {
      StoredNames.require(table);
    }
    locations.table(base, metadata);
  }

  /** Removes a file that no pointer leads to; one that a client registered stays. */
  void discard(PointerChange change, TableMetadata metadata) {
    if (!change.after().equals(metadata.metadataFileLocation())) {
      Leftovers.remove(io, change.after());
    }
  }

  @Override
  public FileIO io() {
    return io;
  }

  @Override
  protected String tableName() {
    return table.toString();
  }
}
