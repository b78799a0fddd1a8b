package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.twinberg.config.Grant.Role;
import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.http.CallerLookup;
import java.util.Objects;
import java.util.Optional;

/** Lets those through who hold a role, or a greater one. */
record RoleCheck(CallerLookup callers) {
  private static final String CALLER = "twinberg-caller";

  /** Who makes a call, or {@code anonymous}; known once its check has begun. */
  static String callerName(Context context) {
    return Optional.ofNullable(context.<Caller>attribute(CALLER))
        .map(Caller::name)
        .orElse("anonymous");
  }

  /**
   * Refuses a caller without a role, where not all that a route does takes the same one.
   *
   * @throws RefusedException when the caller does not hold it
   */
  static void demand(Context context, Role role) {
    demand(Objects.requireNonNull(context.<Caller>attribute(CALLER)), role);
  }

  private static void demand(Caller caller, Role role) {
    if (!caller.access().mayManage(role)) {
      throw new RefusedException(
          Reason.FORBIDDEN, "The token " + caller.name() + " lacks the grant " + grant(role) + ".");
    }
  }

  private static String grant(Role role) {
    return "manage:" + role.word();
  }

  Handler before(Role role, Handler handler) {
    return context -> {
      check(context, role);
      handler.handle(context);
    };
  }

  private void check(Context context, Role role) {
    Optional<String> authorization = Optional.ofNullable(context.header("Authorization"));
    Caller caller = callers.caller(authorization, context.req().getRemoteAddr());
    context.attribute(CALLER, caller);
    caller
        .attempt()
        .demandKnown(
            "The management API needs a token with the grant %s; send it as 'Authorization: Bearer <token>'."
                .formatted(grant(role)));
    demand(caller, role);
  }
}
