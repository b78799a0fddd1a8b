package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.rewrite.PathMapping;
import java.util.List;

/** The paths that metadata itself holds: statistics files and four properties that name folders. */
final class MappedPaths {
  private static final List<String> FOLDER_PROPERTIES =
      List.of(
          "write.data.path",
          "write.metadata.path",
          "write.folder-storage.path",
          "write.object-storage.path");
  private static final String PROBE = "/probe";

  private MappedPaths() {}

  static void mapStatistics(ObjectNode tree, String field, PathMapping mapping) {
    for (ObjectNode file : Json.objects(tree, field)) {
      file.put("statistics-path", mapping.map(Json.requireText(file, "statistics-path")));
    }
  }

  static void mapProperties(ObjectNode tree, PathMapping mapping) {
    if (tree.path("properties") instanceof ObjectNode properties) {
      for (String key : FOLDER_PROPERTIES) {
        if (properties.path(key).isTextual()) {
          properties.put(key, folder(properties.path(key).textValue(), mapping));
        }
      }
    }
  }

  /** Where files of a folder go, found by asking for one. */
  private static String folder(String source, PathMapping mapping) {
    String target = mapping.map(source.replaceFirst("/+$", "") + PROBE);
    if (!target.endsWith(PROBE)) {
      throw new IllegalStateException("the mapping changes file names: " + target);
    }
    return target.substring(0, target.length() - PROBE.length());
  }
}
