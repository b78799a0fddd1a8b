package io.twinberg.proxy.embedded;

import io.twinberg.http.PathSegments;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.Query;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;

/**
 * A call that a route has matched.
 *
 * @param segments the raw path segments by the name that the route gives them
 */
record RestRequest(CatalogCall call, Map<String, String> segments, Query query) {
  private static final String LEVEL_SEPARATOR = "\u001f";

  Namespace namespace() {
    return namespace(PathSegments.decode(segments.getOrDefault("namespace", "")));
  }

  /** A decoded namespace, of a path or a query. */
  static Namespace namespace(String decoded) {
    String[] levels = decoded.split(LEVEL_SEPARATOR, -1);
    for (String level : levels) {
      if (level.isEmpty()) {
        throw new BadRequestException("A namespace level is empty");
      }
    }
    return Namespace.of(levels);
  }

  TableIdentifier table() {
    return named("table");
  }

  TableIdentifier view() {
    return named("view");
  }

  private TableIdentifier named(String segment) {
    return TableIdentifier.of(namespace(), PathSegments.decode(segments.getOrDefault(segment, "")));
  }

  <T> T body(Class<T> type) {
    return RestJson.read(call, type);
  }
}
