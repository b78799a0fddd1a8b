package io.twinberg.replicator.histories;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.BaseMetastoreCatalog;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;

/** A catalog of pointers in memory, over files that others can read too. */
final class MemoryCatalog extends BaseMetastoreCatalog {
  private final Map<TableIdentifier, String> pointers = new ConcurrentHashMap<>();
  private final FileIO io;

  MemoryCatalog(FileIO io) {
    this.io = io;
    initialize("histories", Map.of());
  }

  /** Moves a table's pointer, as another writer would with metadata of its own making. */
  void point(TableIdentifier name, String metadataLocation) {
    pointers.put(name, metadataLocation);
  }

  @Override
  protected TableOperations newTableOps(TableIdentifier name) {
    return new Operations(name);
  }

  @Override
  protected String defaultWarehouseLocation(TableIdentifier name) {
    return HistoryLake.WAREHOUSE + "/" + name.name();
  }

  @Override
  public List<TableIdentifier> listTables(Namespace namespace) {
    return List.copyOf(pointers.keySet());
  }

  @Override
  public boolean dropTable(TableIdentifier name, boolean purge) {
    return pointers.remove(name) != null;
  }

  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    pointers.put(to, pointers.remove(from));
  }

  private final class Operations extends BaseMetastoreTableOperations {
    private final TableIdentifier name;

    Operations(TableIdentifier name) {
      this.name = name;
    }

    @Override
    protected String tableName() {
      return name.toString();
    }

    @Override
    public FileIO io() {
      return io;
    }

    @Override
    protected void doRefresh() {
      String pointer = pointers.get(name);
      if (pointer == null && currentMetadataLocation() != null) {
        throw new NoSuchTableException("no table %s", name);
      }
      if (pointer == null) {
        disableRefresh();
      } else {
        refreshFromMetadataLocation(pointer);
      }
    }

    @Override
    protected void doCommit(TableMetadata base, TableMetadata metadata) {
      String next = writeNewMetadataIfRequired(base == null, metadata);
      String expected = base == null ? null : base.metadataFileLocation();
      pointers.compute(
          name,
          (key, current) -> {
            if (!java.util.Objects.equals(current, expected)) {
              throw new CommitFailedException("%s has moved", name);
            }
            return next;
          });
    }
  }
}
