package io.twinberg.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.iceberg.catalog.Namespace;

/**
 * How a namespace stands in a column: the JSON array of its levels, which no level's text can
 * break.
 */
public final class NamespaceColumn {
  private static final ObjectMapper JSON = new ObjectMapper();

  private NamespaceColumn() {}

  /** The column's value. */
  public static String of(Namespace namespace) {
    try {
      return JSON.writeValueAsString(namespace.levels());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The namespace of a column's value. */
  public static Namespace parse(String column) {
    try {
      return Namespace.of(JSON.readValue(column, String[].class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a namespace column: " + column, e);
    }
  }
}
