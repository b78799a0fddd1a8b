package io.twinberg.replica;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditOutcome;
import io.twinberg.audit.AuditScope;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.log.TableVersion;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Handle;

/**
 * What the audit remembers of versions that replicas show, under the names that the tables have at
 * their source. Receipts say the same, but go earlier.
 */
final class VersionEvents {
  private VersionEvents() {}

  /** A version was applied, or published once more with other metadata. */
  static AuditEvent published(Handle handle, Publication publication) {
    TableVersion version = publication.version();
    Replica before = publication.replica();
    ObjectNode details =
        details(before, before.generation() + 1, version.position(), publication.metadataLocation())
            .put("positionBefore", before.position())
            .put("sourceMetadataLocation", version.metadataLocation())
            .put("files", publication.files())
            .put("bytes", publication.bytes())
            .put("committedAt", version.lastUpdatedAt().toString());
    version.snapshotId().ifPresent(id -> details.put("snapshotId", id));
    version.group().ifPresent(id -> details.put("group", id));
    boolean further = version.position() > before.position();
    return event(handle, further ? "applied" : "published-again", before, details);
  }

  /** A replica was found further in the bucket than the database knew. */
  static AuditEvent adopted(
      Handle handle, Replica before, long generation, long position, String metadataLocation) {
    return event(
        handle, "adopted", before, details(before, generation, position, metadataLocation));
  }

  /** A replica was found in a bucket by a database that did not know it. */
  static AuditEvent recovered(Handle handle, Replica replica) {
    String location = replica.metadataLocation().orElseThrow();
    return event(
        handle,
        "recovered",
        replica,
        details(replica, replica.generation(), replica.position(), location));
  }

  private static ObjectNode details(
      Replica before, long generation, long position, String metadataLocation) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("replicaId", before.id())
        .put("generation", generation)
        .put("position", position)
        .put("metadataLocation", metadataLocation);
  }

  private static AuditEvent event(
      Handle handle, String action, Replica replica, ObjectNode details) {
    return new AuditEvent(
        AuditKind.VERSION,
        action,
        Optional.empty(),
        AuditScope.of(
            Optional.of(replica.source()),
            Optional.of(sourceName(handle, replica)),
            Optional.of(replica.destination())),
        "replica " + replica.name(),
        AuditOutcome.DONE,
        details);
  }

  private static TableIdentifier sourceName(Handle handle, Replica replica) {
    return handle
        .createQuery("select namespace, name from source_table where id = :id")
        .bind("id", replica.tableId())
        .map(
            (row, context) ->
                TableIdentifier.of(
                    NamespaceColumn.parse(row.getString("namespace")), row.getString("name")))
        .one();
  }
}
