package io.twinberg.audit;

import java.time.Instant;

/**
 * An event as the audit keeps it.
 *
 * @param at when it was recorded, by the clock of the process that did
 */
public record AuditEntry(long id, Instant at, AuditEvent event) {}
