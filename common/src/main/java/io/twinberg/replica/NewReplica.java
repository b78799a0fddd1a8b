package io.twinberg.replica;

import io.twinberg.log.EntryKind;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A replica that is to be created, with its whole mapping.
 *
 * @param headsFirst whether it begins with the heads of refs, and the history follows
 * @param settings what its rule says of it
 */
public record NewReplica(
    String id,
    EntryKind kind,
    long tableId,
    String source,
    String destination,
    TableIdentifier name,
    String folder,
    List<PrefixMapping> mapping,
    boolean headsFirst,
    ReplicaSettings settings) {
  /** A replica of a table that begins with the oldest snapshot. */
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

  /** A replica of an entry that begins with the oldest snapshot, if it has any. */
  public NewReplica(
      String id,
      EntryKind kind,
      long tableId,
      String source,
      String destination,
      TableIdentifier name,
      String folder,
      List<PrefixMapping> mapping) {
    this(
        id, kind, tableId, source, destination, name, folder, mapping, false, ReplicaSettings.NONE);
  }

  /** A replica that is as its destination says. */
  public NewReplica(
      String id,
      EntryKind kind,
      long tableId,
      String source,
      String destination,
      TableIdentifier name,
      String folder,
      List<PrefixMapping> mapping,
      boolean headsFirst) {
    this(
        id,
        kind,
        tableId,
        source,
        destination,
        name,
        folder,
        mapping,
        headsFirst,
        ReplicaSettings.NONE);
  }

  /** Copies the list. */
  public NewReplica {
    mapping = List.copyOf(mapping);
  }
}
