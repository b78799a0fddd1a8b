package io.twinberg.replica;

import io.twinberg.log.EntryKind;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;

/** A replica that is to be created, with its whole mapping. */
public record NewReplica(
    String id,
    EntryKind kind,
    long tableId,
    String source,
    String destination,
    TableIdentifier name,
    String folder,
    List<PrefixMapping> mapping) {
  /** A replica of a table. */
  public NewReplica(
      String id,
      long tableId,
      String source,
      String destination,
      TableIdentifier name,
      String folder,
      List<PrefixMapping> mapping) {
    this(id, EntryKind.TABLE, tableId, source, destination, name, folder, mapping);
  }

  /** Copies the list. */
  public NewReplica {
    mapping = List.copyOf(mapping);
  }
}
