package io.twinberg.proxy.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditOutcome;
import io.twinberg.audit.AuditScope;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.catalog.Caller;
import java.util.Optional;

/**
 * What refused calls have in common that are recorded together; never with a credential.
 *
 * @param actor the name of the caller's token, or the caller's address where no token is known
 * @param address where they came from
 * @param target what they wanted to use, such as {@code catalog prod}
 * @param status what they were answered
 */
public record RefusedCall(String actor, String address, String target, int status) {
  /** What was called of all of Twinberg's. */
  public static final String MANAGEMENT = "management API";

  /** Where all those end whose callers are too many to tell apart. */
  static final RefusedCall LUMPED = new RefusedCall("many", "", "any", 0);

  /** A refused call of somebody who may have sent a credential that is known. */
  public static RefusedCall of(String token, String address, String target, int status) {
    boolean unknown = token.equals(AccessPolicy.ANONYMOUS);
    return new RefusedCall(unknown ? address : token, address, target, status);
  }

  static RefusedCall of(Caller caller, String target, int status) {
    return of(caller.name(), caller.address(), target, status);
  }

  /** The entry of all that were counted. */
  AuditEvent event(RefusalTally tally) {
    ObjectNode details =
        JsonNodeFactory.instance
            .objectNode()
            .put("calls", tally.calls())
            .put("first", tally.first().toString())
            .put("last", tally.last().toString());
    if (!equals(LUMPED)) {
      details.put("address", address).put("status", status).put("firstCall", tally.firstCall());
    }
    return new AuditEvent(
        AuditKind.ACCESS,
        "refused",
        equals(LUMPED) ? Optional.empty() : Optional.of(actor),
        AuditScope.ANY,
        equals(LUMPED) ? "calls of more callers than are told apart" : target,
        AuditOutcome.REFUSED,
        details);
  }
}
