package io.twinberg.replica;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.config.NameGlob;
import io.twinberg.config.RefSelection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a selection of refs stands in a column and in pointer objects: a JSON object of two lists.
 */
public final class RefSelectionColumn {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BRANCHES = "branches";
  private static final String TAGS = "tags";

  private RefSelectionColumn() {}

  /** The text; null for all refs. */
  public static @Nullable String of(RefSelection refs) {
    if (!(refs instanceof RefSelection.Named named)) {
      return null;
    }
    ObjectNode json = JSON.createObjectNode();
    put(json.putArray(BRANCHES), named.branches());
    put(json.putArray(TAGS), named.tags());
    return json.toString();
  }

  /** Reads what {@link #of} wrote. */
  public static RefSelection parse(@Nullable String column) {
    if (column == null) {
      return new RefSelection.All();
    }
    try {
      JsonNode json = JSON.readTree(column);
      return new RefSelection.Named(globs(json.path(BRANCHES)), globs(json.path(TAGS)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a column of a selection of refs", e);
    }
  }

  private static void put(ArrayNode array, List<NameGlob> globs) {
    globs.forEach(glob -> array.add(glob.levels().get(0)));
  }

  private static List<NameGlob> globs(JsonNode array) {
    List<NameGlob> globs = new ArrayList<>();
    array.forEach(level -> globs.add(new NameGlob(List.of(level.textValue()))));
    return globs;
  }
}
