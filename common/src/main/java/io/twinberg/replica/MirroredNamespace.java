package io.twinberg.replica;

import java.util.Map;
import org.apache.iceberg.catalog.Namespace;

/**
 * A source's namespace at a destination.
 *
 * @param id our own id, which its folder's name bears
 * @param namespace its name at the destination
 * @param folder where its pointer objects stand, without trailing slash
 * @param properties as readers see them
 * @param dropped whether the source has it no more; it stays as long as something stands in it
 * @param generation counts changes
 */
public record MirroredNamespace(
    String id,
    String source,
    Namespace sourceNamespace,
    String destination,
    Namespace namespace,
    String folder,
    Map<String, String> properties,
    boolean dropped,
    long generation) {
  /** Copies the map. */
  public MirroredNamespace {
    properties = Map.copyOf(properties);
  }
}
