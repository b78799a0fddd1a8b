package io.twinberg.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Which replicas an operation is about; an empty member takes all.
 *
 * @param table its name at the source, or the replica's own
 */
public record ReplicaTarget(
    Optional<String> source, Optional<String> destination, Optional<TableIdentifier> table) {
  /** All replicas. */
  public static final ReplicaTarget ALL =
      new ReplicaTarget(Optional.empty(), Optional.empty(), Optional.empty());

  /** The target in words. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    table.ifPresent(name -> words.add("table " + name));
    source.ifPresent(name -> words.add("source " + name));
    destination.ifPresent(name -> words.add("destination " + name));
    return words.isEmpty() ? "all replicas" : String.join(", ", words);
  }
}
