package io.twinberg.command;

import io.twinberg.http.PathSegments;
import java.util.Arrays;
import java.util.List;

/** A table as people write it, such as {@code sales.orders}; a dot in a name is written %2E. */
record TableName(List<String> namespace, String name) {
  /** The levels of a namespace, written in the same way. */
  static List<String> levels(String namespace) {
    try {
      return parse(namespace + ".any").namespace();
    } catch (UsageException e) {
      throw new UsageException(
          "'%s' is no namespace; write one such as sales.eu, a dot inside a name as %%2E"
              .formatted(namespace));
    }
  }

  static TableName parse(String text) {
    try {
      List<String> parts = Arrays.stream(text.split("\\.", -1)).map(PathSegments::decode).toList();
      if (parts.size() < 2 || parts.contains("")) {
        throw new UsageException("'" + text + "' is no table; write namespace.table");
      }
      return new TableName(parts.subList(0, parts.size() - 1), parts.get(parts.size() - 1));
    } catch (IllegalArgumentException e) {
      throw new UsageException("'" + text + "' is no table: " + e.getMessage());
    }
  }
}
