package io.twinberg.replicator.pointer;

import io.twinberg.replica.Adoption;
import io.twinberg.replica.MirroredNamespaces;
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
   * @param namespaces how many namespaces it did not know
   */
  public record Report(List<Pointer> adopted, int known, int namespaces) {}

  private final Adoption adoption;
  private final MirroredNamespaces namespaces;

  /** Recovers into the database of {@code adoption} and {@code namespaces}. */
  public Recovery(Adoption adoption, MirroredNamespaces namespaces) {
    this.adoption = adoption;
    this.namespaces = namespaces;
  }

  /**
   * Adopts every replica and namespace below a root.
   *
   * @param destination the name under which the configuration knows the root now
   * @throws UnreadablePointerException when a pointer cannot be read; what was adopted before stays
   */
  public Report recover(String destination, String root, ObjectStore store) {
    List<Pointer> adopted = new ArrayList<>();
    int known = 0;
    PointerObjects.Found found = new PointerObjects(store).all(root);
    for (Pointer pointer : found.replicas()) {
      if (adoption.adopt(found(destination, pointer))) {
        adopted.add(pointer);
      } else {
        known++;
      }
    }
    long recovered =
        found.namespaces().stream()
            .filter(namespace -> namespaces.adopt(namespace.at(destination)))
            .count();
    return new Report(adopted, known, (int) recovered);
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
            pointer.metadataLocation(),
            pointer.selection()),
        name(pointer.sourceNamespace(), pointer.sourceName()),
        pointer.tableUuid(),
        pointer.sourceLocation(),
        pointer.sourceMetadataLocation(),
        pointer.lastSequenceNumber(),
        pointer.snapshotId() == null ? OptionalLong.empty() : OptionalLong.of(pointer.snapshotId()),
        pointer.committedAt(),
        pointer.standing());
  }

  private static TableIdentifier name(List<String> namespace, String name) {
    return TableIdentifier.of(Namespace.of(namespace.toArray(String[]::new)), name);
  }
}
