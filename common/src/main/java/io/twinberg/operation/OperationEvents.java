package io.twinberg.operation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditOutcome;
import io.twinberg.audit.AuditScope;
import java.util.Optional;

/** What the audit remembers of operations. The end of one bears the name of who asked for it. */
final class OperationEvents {
  private OperationEvents() {}

  static AuditEvent requested(String id, OperationRequest request, String by) {
    return event("requested", request, by, AuditOutcome.DONE, details(id));
  }

  static AuditEvent ended(Operation operation, Outcome outcome) {
    ObjectNode details = details(operation.id()).put("summary", outcome.summary());
    boolean done = outcome.state() == OperationState.COMPLETED;
    return event(
        "ended",
        operation.request(),
        operation.requestedBy(),
        done ? AuditOutcome.DONE : AuditOutcome.FAILED,
        details);
  }

  private static ObjectNode details(String id) {
    return JsonNodeFactory.instance.objectNode().put("operationId", id);
  }

  private static AuditEvent event(
      String action,
      OperationRequest request,
      String by,
      AuditOutcome outcome,
      ObjectNode details) {
    ReplicaTarget target = request.target();
    return new AuditEvent(
        AuditKind.OPERATION,
        action,
        Optional.of(by),
        AuditScope.of(target.source(), target.table(), target.destination()),
        request.kind().word() + " of " + target,
        outcome,
        details);
  }
}
