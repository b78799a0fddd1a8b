package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditOutcome;
import io.twinberg.audit.AuditScope;
import io.twinberg.audit.BegunActions;
import io.twinberg.proxy.audit.ActionEnds;
import io.twinberg.proxy.audit.RefusedCall;
import io.twinberg.proxy.audit.RefusedCalls;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.http.IcebergErrors;
import io.twinberg.token.TokenSecret;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records who changes what by the management API, whatever comes of it, and who is not let in. An
 * action that cannot be recorded does not begin.
 */
public final class ActionAudit {
  private static final Logger LOG = LoggerFactory.getLogger(ActionAudit.class);
  private static final Set<Integer> NOT_LET_IN = Set.of(401, 403, 429);

  private final BegunActions begun;
  private final ActionEnds ends;
  private final RefusedCalls refused;

  /** Records in these. */
  public ActionAudit(BegunActions begun, ActionEnds ends, RefusedCalls refused) {
    this.begun = begun;
    this.ends = ends;
    this.refused = refused;
  }

  /** Which source, namespace and table an action names by its path alone. */
  public static AuditScope scope(String action, String subject) {
    return RouteScope.of(action.substring(action.indexOf(' ') + 1), subject);
  }

  /** The handler of a route whose caller may use it, with its record around it. */
  Handler around(ManagedRoute route) {
    return route.method().equals(HandlerType.GET)
        ? route.handler()
        : context -> record(route, context);
  }

  private void record(ManagedRoute route, Context context) throws Exception {
    long id = begin(route, context);
    try {
      route.handler().handle(context);
    } catch (Exception e) {
      end(id, route, context, status(e));
      throw e;
    }
    end(id, route, context, context.statusCode());
  }

  private void end(long id, ManagedRoute route, Context context, int status) {
    Concern concern =
        Concern.of(context)
            .orElseGet(() -> new Concern(RouteScope.of(route.path(), path(context)), Set.of()));
    ends.record(id, event(route, context, concern.scope(), status), concern.destinations());
  }

  private long begin(ManagedRoute route, Context context) {
    try {
      return begun.begin(RoleCheck.callerName(context), action(route), path(context));
    } catch (RuntimeException e) {
      LOG.error("{} by {} refused, it cannot be recorded", path(context), action(route), e);
      throw new RefusedException(
          Reason.LOG_UNAVAILABLE,
          "The audit cannot record this action, since the database does not answer. Nothing was"
              + " changed; try again later.");
    }
  }

  private static AuditEvent event(
      ManagedRoute route, Context context, AuditScope scope, int status) {
    Optional<Change> change = Change.of(context);
    ObjectNode details =
        JsonNodeFactory.instance.objectNode().put("path", path(context)).put("status", status);
    change.ifPresent(
        noted -> {
          details.set("before", noted.before().orElse(NullNode.getInstance()));
          details.set("after", noted.after().orElse(NullNode.getInstance()));
        });
    return new AuditEvent(
        AuditKind.MANAGEMENT,
        action(route),
        Optional.of(RoleCheck.callerName(context)),
        scope,
        change.map(Change::subject).orElseGet(() -> path(context)),
        outcome(status),
        details);
  }

  private static AuditOutcome outcome(int status) {
    if (status < 400) {
      return AuditOutcome.DONE;
    }
    return status < 500 ? AuditOutcome.REFUSED : AuditOutcome.FAILED;
  }

  private static int status(Exception problem) {
    return problem instanceof HttpResponseException known
        ? known.getStatus()
        : IcebergErrors.of(problem).status();
  }

  private static String action(ManagedRoute route) {
    return route.method() + " " + route.path();
  }

  /** Somebody may have typed a secret in the place of a name. */
  private static String path(Context context) {
    return TokenSecret.masked(context.req().getRequestURI());
  }

  /** Counts a call that failed because of who made it. */
  void refused(Exception problem, Context context) {
    int status = status(problem);
    if (NOT_LET_IN.contains(status)) {
      RefusedCall call =
          RefusedCall.of(
              RoleCheck.callerName(context),
              context.req().getRemoteAddr(),
              RefusedCall.MANAGEMENT,
              status);
      refused.count(call, context.req().getMethod(), path(context));
    }
  }
}
