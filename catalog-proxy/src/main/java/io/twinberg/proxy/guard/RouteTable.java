package io.twinberg.proxy.guard;

import io.twinberg.http.PathSegments;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Every route of Iceberg REST, and what it needs. A route that is not here needs a grant for the
 * whole catalog, to write unless its method only reads; {@code oauth/tokens} asks for no grant.
 */
final class RouteTable {
  private static final String NAMESPACES = "v1/namespaces";
  private static final String NAMESPACE = "v1/namespaces/{namespace}";
  private static final String TABLES = NAMESPACE + "/tables";
  private static final String TABLE = TABLES + "/{table}";
  private static final String VIEWS = NAMESPACE + "/views";
  private static final String VIEW = VIEWS + "/{view}";

  static final List<GuardedRoute> ROUTES =
      List.of(
          new GuardedRoute("GET", "v1/config", Right.ENTER, Scope.CATALOG),
          new GuardedRoute("GET", NAMESPACES, Right.SEE, Scope.PARENT),
          new GuardedRoute("POST", NAMESPACES, Right.WRITE, Scope.CREATED),
          new GuardedRoute("GET", NAMESPACE, Right.READ, Scope.PATH),
          new GuardedRoute("HEAD", NAMESPACE, Right.SEE, Scope.PATH),
          new GuardedRoute("DELETE", NAMESPACE, Right.WRITE, Scope.PATH),
          new GuardedRoute("POST", NAMESPACE + "/properties", Right.WRITE, Scope.PATH),
          new GuardedRoute("POST", NAMESPACE + "/register", Right.WRITE, Scope.PATH),
          new GuardedRoute("POST", NAMESPACE + "/register-view", Right.WRITE, Scope.PATH),
          new GuardedRoute("GET", NAMESPACE + "/functions", Right.READ, Scope.PATH),
          new GuardedRoute("GET", NAMESPACE + "/functions/{function}", Right.READ, Scope.PATH),
          new GuardedRoute("GET", TABLES, Right.READ, Scope.PATH),
          new GuardedRoute("POST", TABLES, Right.WRITE, Scope.PATH),
          new GuardedRoute("GET", TABLE, Right.READ, Scope.PATH),
          new GuardedRoute("HEAD", TABLE, Right.READ, Scope.PATH),
          new GuardedRoute("POST", TABLE, Right.WRITE, Scope.PATH),
          new GuardedRoute("DELETE", TABLE, Right.WRITE, Scope.PATH),
          new GuardedRoute("POST", TABLE + "/unregister", Right.WRITE, Scope.PATH),
          new GuardedRoute("GET", TABLE + "/credentials", Right.VENDED, Scope.PATH),
          new GuardedRoute("POST", TABLE + "/sign", Right.SIGN, Scope.PATH),
          new GuardedRoute("POST", TABLE + "/metrics", Right.READ, Scope.PATH),
          new GuardedRoute("POST", TABLE + "/plan", Right.READ, Scope.PATH),
          new GuardedRoute("GET", TABLE + "/plan/{plan}", Right.READ, Scope.PATH),
          new GuardedRoute("DELETE", TABLE + "/plan/{plan}", Right.READ, Scope.PATH),
          new GuardedRoute("POST", TABLE + "/tasks", Right.READ, Scope.PATH),
          new GuardedRoute("GET", VIEWS, Right.READ, Scope.PATH),
          new GuardedRoute("POST", VIEWS, Right.WRITE, Scope.PATH),
          new GuardedRoute("GET", VIEW, Right.READ, Scope.PATH),
          new GuardedRoute("HEAD", VIEW, Right.READ, Scope.PATH),
          new GuardedRoute("POST", VIEW, Right.WRITE, Scope.PATH),
          new GuardedRoute("DELETE", VIEW, Right.WRITE, Scope.PATH),
          new GuardedRoute("POST", "v1/tables/rename", Right.WRITE, Scope.RENAMED),
          new GuardedRoute("POST", "v1/views/rename", Right.WRITE, Scope.RENAMED),
          new GuardedRoute("POST", "v1/transactions/commit", Right.WRITE, Scope.CHANGED),
          new GuardedRoute("POST", "v1/aws/s3/sign", Right.SIGN, Scope.CATALOG));

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  private RouteTable() {}

  /** The route of a call by its method and raw path; never none. */
  static GuardedRoute find(String method, String path, Names names) {
    String[] segments = path.split("/", -1);
    return ROUTES.stream()
        .filter(route -> route.matches(method, segments))
        .filter(route -> route.namesIn(path).stream().noneMatch(names::mayRouteElsewhere))
        .findFirst()
        .orElseGet(() -> unknown(method, path));
  }

  /**
   * Routes of the table may hide behind an upstream's own prefix or needless escapes, and one of
   * them hands out credentials that write.
   */
  private static GuardedRoute unknown(String method, String path) {
    boolean reads = READING.contains(method) && !mayHandOutCredentials(path);
    return new GuardedRoute(method, "", reads ? Right.READ : Right.WRITE, Scope.CATALOG);
  }

  private static boolean mayHandOutCredentials(String path) {
    try {
      String decoded = PathSegments.decode(path);
      return decoded.indexOf('%') >= 0 || decoded.toLowerCase(Locale.ROOT).contains("credentials");
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
