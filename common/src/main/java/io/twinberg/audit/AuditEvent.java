package io.twinberg.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Something that happened and is to be remembered; never with secrets.
 *
 * @param action what was done, in a word or as the route of a call
 * @param actor the name of who did it, or the address of somebody who has none; empty for what
 *     Twinberg does by itself
 * @param subject what it was done to, in words
 * @param details all else there is to know, as JSON
 */
public record AuditEvent(
    AuditKind kind,
    String action,
    Optional<String> actor,
    AuditScope scope,
    String subject,
    AuditOutcome outcome,
    ObjectNode details) {}
