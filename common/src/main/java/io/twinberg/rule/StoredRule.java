package io.twinberg.rule;

import java.time.Instant;

/**
 * A rule of the API as the database keeps it.
 *
 * @param body what was put, as JSON with the keys of the file; it is read again at every start, so
 *     that defaults may change
 * @param revision grows with every change of any rule, and so tells two states of one apart
 */
public record StoredRule(
    RuleScope scope,
    boolean enabled,
    String body,
    long revision,
    String changedBy,
    Instant changedAt) {}
