package io.twinberg.audit;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What kind of thing an entry of the audit records. */
public enum AuditKind {
  /** Somebody changed something by the management API, or tried to. */
  MANAGEMENT,
  /** A replica shows another version. */
  VERSION,
  /** An operation was asked for, or has ended. */
  OPERATION,
  /** Calls were refused because of who made them. */
  ACCESS,
  /** Entries of the audit itself were removed because of their age. */
  RETENTION;

  /** The word in the API and on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of a word. */
  public static Optional<AuditKind> ofWord(String word) {
    return Stream.of(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }
}
