package io.twinberg.replicator.pointer;

import io.twinberg.replica.MirroredNamespace;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;

/**
 * What a namespace's pointer object says.
 *
 * @param kind always {@link #KIND}, which tells it from a replica's
 * @param namespace the levels at the destination
 */
public record NamespacePointer(
    int format,
    String kind,
    String id,
    String destination,
    List<String> namespace,
    String source,
    List<String> sourceNamespace,
    String folder,
    Map<String, String> properties,
    boolean dropped,
    long generation) {
  static final String KIND = "NAMESPACE";

  /** What is written for a namespace. */
  public static NamespacePointer of(MirroredNamespace namespace) {
    return new NamespacePointer(
        Pointer.FORMAT_OF_OTHERS,
        KIND,
        namespace.id(),
        namespace.destination(),
        List.of(namespace.namespace().levels()),
        namespace.source(),
        List.of(namespace.sourceNamespace().levels()),
        namespace.folder(),
        namespace.properties(),
        namespace.dropped(),
        namespace.generation());
  }

  /**
   * The namespace that it describes.
   *
   * @param destination the name under which the configuration knows the root now
   */
  MirroredNamespace at(String destination) {
    return new MirroredNamespace(
        id,
        source,
        Namespace.of(sourceNamespace.toArray(String[]::new)),
        destination,
        Namespace.of(namespace.toArray(String[]::new)),
        folder,
        properties,
        dropped,
        generation);
  }
}
