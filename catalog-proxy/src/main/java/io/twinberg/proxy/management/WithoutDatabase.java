package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.twinberg.database.DatabaseAway;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.http.IcebergErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says of calls that the database does not answer, where they end for that. */
final class WithoutDatabase {
  private static final Logger LOG = LoggerFactory.getLogger(WithoutDatabase.class);
  private static final int UNAVAILABLE = 503;

  private WithoutDatabase() {}

  /** A route whose failures for that reason are answers that say so. */
  static ManagedRoute explained(ManagedRoute route) {
    return new ManagedRoute(
        route.method(),
        route.path(),
        route.role(),
        context -> {
          try {
            route.handler().handle(context);
          } catch (RuntimeException e) {
            throw DatabaseAway.causes(e) ? explained(route, context, e) : e;
          }
        });
  }

  private static RuntimeException explained(
      ManagedRoute route, Context context, RuntimeException e) {
    LOG.warn(
        "request={} path={} the database does not answer: {}",
        CallId.of(context),
        context.req().getRequestURI(),
        e.toString());
    return route.method().equals(HandlerType.GET)
        ? new RefusedException(
            Reason.DATABASE_AWAY,
            "The database does not answer; see that it runs and can be reached, and ask again.")
        : new AnsweredException(
            IcebergErrors.answer(
                UNAVAILABLE,
                "The database went away amid this call, so that nobody knows whether it was done;"
                    + " look at what it was to change before you send it again."));
  }
}
