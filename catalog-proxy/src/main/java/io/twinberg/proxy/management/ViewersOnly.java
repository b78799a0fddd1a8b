package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.Caller.ManagementRole;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.http.CallerLookup;
import java.util.Optional;

/** Lets those through who may at least look. */
record ViewersOnly(CallerLookup callers) {
  Handler before(Handler handler) {
    return context -> {
      check(context);
      handler.handle(context);
    };
  }

  private void check(Context context) {
    Caller caller = callers.caller(Optional.ofNullable(context.header("Authorization")));
    if (!caller.access().mayManage(ManagementRole.VIEWER)) {
      throw refusal(caller);
    }
  }

  private static RefusedException refusal(Caller caller) {
    if (caller.name().equals(AccessPolicy.ANONYMOUS)) {
      return new RefusedException(
          Reason.NOT_AUTHORIZED,
          "The management API needs a token with the grant manage:viewer; send it as"
              + " 'Authorization: Bearer <token>'.");
    }
    return new RefusedException(
        Reason.FORBIDDEN, "The token " + caller.name() + " lacks the grant manage:viewer.");
  }
}
