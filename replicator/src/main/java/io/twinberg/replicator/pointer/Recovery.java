package io.twinberg.replicator.pointer;

import io.twinberg.replica.Adoption;
import io.twinberg.storage.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** Rebuilds the replica catalog of a destination from its bucket alone. */
public final class Recovery {
  /**
   * What a recovery found.
   *
   * @param adopted the replicas that the database did not know
   * @param known how many it had already
   */
  public record Report(List<Pointer> adopted, int known) {}

  private final Adoption adoption;

  /** Recovers into the database of {@code adoption}. */
  public Recovery(Adoption adoption) {
    this.adoption = adoption;
  }

  /**
   * Adopts every replica below a root.
   *
   * @param destination the name under which the configuration knows the root now
   * @throws UnreadablePointerException when a pointer cannot be read; what was adopted before stays
   */
  public Report recover(String destination, String root, ObjectStore store) {
    List<Pointer> adopted = new ArrayList<>();
    int known = 0;
    for (Pointer pointer : new PointerObjects(store).newest(root)) {
      if (adoption.adopt(found(destination, pointer))) {
        adopted.add(pointer);
      } else {
        known++;
      }
    }
    return new Report(adopted, known);
  }

  private static Adoption.Found found(String destination, Pointer pointer) {
    return new Adoption.Found(
        new Adoption.NewReplicaWithPointer(
            pointer.replicaId(),
            pointer.source(),
            destination,
            name(pointer.namespace(), pointer.name()),
            pointer.folder(),
            pointer.mapping(),
            pointer.generation(),
            pointer.position(),
            pointer.metadataLocation()),
        name(pointer.sourceNamespace(), pointer.sourceName()),
        pointer.tableUuid(),
        pointer.sourceLocation(),
        pointer.sourceMetadataLocation(),
        pointer.lastSequenceNumber(),
        pointer.snapshotId() == null ? OptionalLong.empty() : OptionalLong.of(pointer.snapshotId()),
        pointer.committedAt());
  }

  private static TableIdentifier name(List<String> namespace, String name) {
    return TableIdentifier.of(Namespace.of(namespace.toArray(String[]::new)), name);
  }
}
