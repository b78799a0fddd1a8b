package io.twinberg.proxy.management;

import io.twinberg.audit.AuditScope;
import io.twinberg.http.PathSegments;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;

/** Which source, namespace and table the path of a call names. */
final class RouteScope {
  private RouteScope() {}

  /**
   * The scope that a call names.
   *
   * @param route the path of the route, with its parameters in braces
   * @param path the raw path of the call
   */
  static AuditScope of(String route, String path) {
    String[] pattern = route.split("/", -1);
    String[] segments = path.split("/", -1);
    Map<String, String> named = new HashMap<>();
    for (int i = 1; i < Math.min(pattern.length, segments.length); i++) {
      if (pattern[i].startsWith("{")) {
        named.put(pattern[i - 1], segments[i]);
      }
    }
    try {
      return scope(named);
    } catch (IllegalArgumentException e) {
      // It is refused for that; the path as it came is recorded.
      return AuditScope.ANY;
    }
  }

  private static AuditScope scope(Map<String, String> named) {
    return new AuditScope(
        decoded(named, "sources"),
        Optional.ofNullable(named.get("namespaces")).map(RouteScope::namespace),
        decoded(named, "tables"),
        Optional.empty());
  }

  private static Optional<String> decoded(Map<String, String> named, String parent) {
    return Optional.ofNullable(named.get(parent)).map(PathSegments::decode);
  }

  private static Namespace namespace(String segment) {
    return Namespace.of(
        PathSegments.splitLevels(segment, PathSegments.DEFAULT_SEPARATOR).toArray(String[]::new));
  }
}
