package io.twinberg.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * Which entries are asked for; an empty member takes all.
 *
 * @param since only what was recorded then or later
 * @param until only what was recorded before
 */
public record AuditFilter(
    AuditScope scope,
    Optional<String> actor,
    Optional<AuditKind> kind,
    Optional<Instant> since,
    Optional<Instant> until) {
  /** Takes every entry. */
  public static final AuditFilter ALL =
      new AuditFilter(
          AuditScope.ANY, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** The same up to another time. */
  public AuditFilter before(Instant end) {
    return new AuditFilter(scope, actor, kind, since, Optional.of(end));
  }
}
