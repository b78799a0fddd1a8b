package io.twinberg.replica;

import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;

/** A replica that is to be created, with its whole mapping. */
public record NewReplica(
    String id,
    long tableId,
    String source,
    String destination,
    TableIdentifier name,
    String folder,
    List<PrefixMapping> mapping) {
  /** Copies the list. */
  public NewReplica {
    mapping = List.copyOf(mapping);
  }
}
