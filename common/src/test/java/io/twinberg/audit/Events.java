package io.twinberg.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/** Events as production makes them. */
final class Events {
  private Events() {}

  static AuditEvent event(
      AuditKind kind, Optional<String> actor, AuditScope scope, String subject) {
    return new AuditEvent(
        kind,
        "done",
        actor,
        scope,
        subject,
        AuditOutcome.DONE,
        JsonNodeFactory.instance.objectNode());
  }

  static AuditEvent subject(String subject) {
    return event(AuditKind.MANAGEMENT, Optional.of("ops"), AuditScope.ANY, subject);
  }

  static AuditScope scope(String source, TableIdentifier table, String destination) {
    return AuditScope.of(Optional.of(source), Optional.of(table), Optional.of(destination));
  }
}
