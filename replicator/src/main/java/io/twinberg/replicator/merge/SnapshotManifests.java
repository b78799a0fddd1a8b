package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Where a snapshot names its manifests. */
public sealed interface SnapshotManifests {
  /** In a manifest list. */
  record InList(String location) implements SnapshotManifests {}

  /** In the metadata itself, as early writers of format version 1 did. */
  record Inline(List<String> paths) implements SnapshotManifests {
    /** Copies the list. */
    public Inline {
      paths = List.copyOf(paths);
    }
  }

  /** What a snapshot says; a list counts before anything inline, as for Iceberg itself. */
  static SnapshotManifests of(ObjectNode snapshot) {
    if (!Json.isAbsent(snapshot, "manifest-list")) {
      return new InList(Json.requireText(snapshot, "manifest-list"));
    }
    if (!snapshot.path("manifests").isArray()) {
      throw new IllegalArgumentException("metadata has a snapshot without manifests");
    }
    List<String> paths = new ArrayList<>();
    for (JsonNode path : snapshot.path("manifests")) {
      if (!path.isTextual()) {
        throw new IllegalArgumentException("an entry of 'manifests' is no text");
      }
      paths.add(path.textValue());
    }
    return new Inline(paths);
  }

  /** Says it in a snapshot, and leaves no other path there. */
  default ObjectNode in(ObjectNode snapshot) {
    if (this instanceof InList list) {
      snapshot.remove("manifests");
      return snapshot.put("manifest-list", list.location());
    }
    snapshot.remove("manifest-list");
    ArrayNode paths = snapshot.putArray("manifests");
    ((Inline) this).paths().forEach(paths::add);
    return snapshot;
  }

  /** Whether all of it lies in a folder. */
  default boolean isIn(String folder) {
    List<String> paths = this instanceof InList l ? List.of(l.location()) : ((Inline) this).paths();
    return paths.stream().allMatch(path -> path.startsWith(folder + "/"));
  }
}
