package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.audit.AuditEntry;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditScope;

/** An entry of the audit as JSON. */
final class AuditJson {
  private AuditJson() {}

  static ObjectNode entry(AuditEntry entry) {
    AuditEvent event = entry.event();
    ObjectNode body =
        StatusJson.object()
            .put("id", String.valueOf(entry.id()))
            .put("at", entry.at().toString())
            .put("kind", event.kind().word())
            .put("action", event.action())
            .put("actor", event.actor().orElse(null));
    scope(body, event.scope());
    body.put("subject", event.subject())
        .put("outcome", event.outcome().word())
        .set("details", event.details());
    return body;
  }

  private static void scope(ObjectNode body, AuditScope scope) {
    body.put("source", scope.source().orElse(null));
    scope
        .namespace()
        .ifPresentOrElse(
            levels -> body.set("namespace", StatusJson.levels(levels)),
            () -> body.putNull("namespace"));
    body.put("table", scope.table().orElse(null))
        .put("destination", scope.destination().orElse(null));
  }
}
