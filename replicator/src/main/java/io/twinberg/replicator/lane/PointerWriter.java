package io.twinberg.replicator.lane;

import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.RefSelectionColumn;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.pointer.Pointer;
import io.twinberg.replicator.pointer.PointerObjects;
import io.twinberg.storage.ObjectStore;
import java.util.List;

/** Writes a replica's pointer object from what the database says, and remembers that it did. */
final class PointerWriter {
  private final Replicas replicas;
  private final SourceTables tables;
  private final VersionLog versions;

  PointerWriter(Replicas replicas, SourceTables tables, VersionLog versions) {
    this.replicas = replicas;
    this.tables = tables;
    this.versions = versions;
  }

  void write(Replica published, ObjectStore destination) {
    // Its name may have changed since the attempt began; when it does after this, the row says that
    // the object has to be written once more.
    Replica replica = replicas.find(published.id()).orElseThrow();
    SourceTable table = tables.find(replica.tableId()).orElseThrow();
    TableVersion version = versions.find(replica.source(), replica.position()).orElseThrow();
    new PointerObjects(destination).write(pointer(replica, table, version));
    replicas.pointerWritten(replica);
  }

  private Pointer pointer(Replica replica, SourceTable table, TableVersion version) {
    return new Pointer(
        Pointer.formatOf(replica.kind()),
        replica.id(),
        replica.destination(),
        List.of(replica.name().namespace().levels()),
        replica.name().name(),
        table.source(),
        List.of(table.name().namespace().levels()),
        table.name().name(),
        table.uuid(),
        table.location(),
        replica.folder(),
        replica.generation(),
        replica.position(),
        replica.metadataLocation().orElseThrow(),
        version.metadataLocation(),
        version.lastSequenceNumber(),
        version.snapshotId().isPresent() ? (Long) version.snapshotId().getAsLong() : null,
        version.lastUpdatedAt(),
        replicas.mapping(replica.id()),
        replica.kind(),
        table.incarnation(),
        replica.lifecycle(),
        RefSelectionColumn.of(replica.shownRefs()));
  }
}
