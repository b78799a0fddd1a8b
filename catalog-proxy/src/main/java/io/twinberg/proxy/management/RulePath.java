package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.twinberg.http.PathSegments;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.rule.RuleScope;
import io.twinberg.token.TokenSecret;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;

/** What the path of a call says a rule covers. */
final class RulePath {
  static final String CATALOG = "/management/v1/sources/{source}/replication";
  static final String NAMESPACE =
      "/management/v1/sources/{source}/namespaces/{namespace}/replication";
  static final String TABLE =
      "/management/v1/sources/{source}/namespaces/{namespace}/tables/{table}/replication";

  // Of the raw path, cut at its slashes, with an empty part before the first.
  private static final int SOURCE_AT = 4;
  private static final int NAMESPACE_AT = 6;
  private static final int TABLE_AT = 8;

  private RulePath() {}

  /**
   * Reads the raw path, since Javalin's parameters could not tell a %1F or %2F apart.
   *
   * @throws RefusedException when a name cannot be read or the source is none
   */
  static RuleScope scope(Context context, ManagedCatalogs catalogs) {
    String uri = context.req().getRequestURI();
    if (uri.endsWith("/")) {
      // The router takes both for one, but what the path names would be another thing.
      throw new RefusedException(
          Reason.NOT_FOUND,
          "There is nothing at %s; leave out the slash at its end."
              .formatted(TokenSecret.masked(uri)));
    }
    String[] path = uri.split("/", -1);
    RuleScope scope = read(path);
    List<String> sources = catalogs.sourceNames();
    if (!sources.contains(scope.source())) {
      throw new RefusedException(
          Reason.NOT_FOUND,
          "There is no source '%s'%s There are: %s"
              .formatted(
                  scope.source(),
                  StatusQuestion.hint(scope.source(), sources),
                  String.join(", ", sources)));
    }
    return scope;
  }

  private static RuleScope read(String[] path) {
    try {
      return new RuleScope(
          PathSegments.decode(path[SOURCE_AT]),
          path.length > NAMESPACE_AT ? Optional.of(namespace(path)) : Optional.empty(),
          path.length > TABLE_AT
              ? Optional.of(PathSegments.decode(path[TABLE_AT]))
              : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw StatusQuestion.bad("the path names nothing that a rule can cover: " + e.getMessage());
    }
  }

  private static Namespace namespace(String[] path) {
    List<String> levels =
        PathSegments.splitLevels(path[NAMESPACE_AT], PathSegments.DEFAULT_SEPARATOR);
    return Namespace.of(levels.toArray(String[]::new));
  }
}
