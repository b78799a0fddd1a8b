package io.twinberg.proxy.management;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.twinberg.config.Grant.Role;
import java.util.Optional;

/**
 * A route of the management listener.
 *
 * @param role what its callers need; empty for what everyone may ask
 */
public record ManagedRoute(HandlerType method, String path, Optional<Role> role, Handler handler) {
  /** Refuses a route by which viewers could change something. */
  public ManagedRoute {
    boolean looks = method.equals(HandlerType.GET);
    if (!looks && role.filter(least -> least.compareTo(Role.OPERATOR) >= 0).isEmpty()) {
      throw new IllegalArgumentException(
          method + " " + path + " changes something and so needs an operator at least");
    }
  }

  /** A route that everyone may ask. */
  static ManagedRoute open(String path, Handler handler) {
    return new ManagedRoute(HandlerType.GET, path, Optional.empty(), handler);
  }

  /** A route by which operators change something. */
  static ManagedRoute post(String path, Handler handler) {
    return new ManagedRoute(HandlerType.POST, path, Optional.of(Role.OPERATOR), handler);
  }

  /** A route that only looks. */
  static ManagedRoute get(String path, Handler handler) {
    return new ManagedRoute(HandlerType.GET, path, Optional.of(Role.VIEWER), handler);
  }
}
