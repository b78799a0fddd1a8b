package io.twinberg.proxy.replica;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.twinberg.source.MetadataJson;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/** The bytes of replicas' metadata files, kept by location: a location's bytes never change. */
public final class MetadataBytes {
  private record Key(String location, SnapshotMode mode) {}

  private final Function<String, byte[]> reader;
  private final Cache<Key, byte[]> kept;

  /**
   * @param weightInBytes how much is kept
   * @param reader reads a metadata file from the destination's store
   */
  public MetadataBytes(long weightInBytes, Function<String, byte[]> reader) {
    this.reader = reader;
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(weightInBytes)
            .weigher((Key key, byte[] bytes) -> bytes.length)
            .build();
  }

  /** Keeps what this process has written itself. */
  public void keep(String location, byte[] metadata) {
    kept.put(new Key(location, SnapshotMode.ALL), metadata);
  }

  /** A whole metadata file; not to be changed. */
  public byte[] of(String location) {
    return of(location, SnapshotMode.ALL);
  }

  byte[] of(String location, SnapshotMode mode) {
    return mode == SnapshotMode.ALL
        ? kept.get(new Key(location, mode), key -> reader.apply(location))
        : kept.get(new Key(location, mode), key -> referenced(of(location, SnapshotMode.ALL)));
  }

  /**
   * Leaves out snapshots that no branch or tag names, with their statistics; everything else stays
   * as it is.
   */
  private static byte[] referenced(byte[] metadata) {
    ObjectNode tree = MetadataJson.parse(metadata);
    Set<Long> named = new HashSet<>();
    tree.path("refs").forEach(ref -> named.add(ref.path("snapshot-id").asLong()));
    if (tree.path("current-snapshot-id").isIntegralNumber()) {
      named.add(tree.path("current-snapshot-id").asLong());
    }
    retain(tree, "snapshots", named);
    retain(tree, "statistics", named);
    retain(tree, "partition-statistics", named);
    return MetadataJson.write(tree);
  }

  private static void retain(ObjectNode tree, String field, Set<Long> snapshots) {
    if (tree.get(field) instanceof ArrayNode all) {
      ArrayNode kept = tree.arrayNode();
      for (JsonNode one : all) {
        if (snapshots.contains(one.path("snapshot-id").asLong())) {
          kept.add(one);
        }
      }
      tree.set(field, kept);
    }
  }
}
