package io.twinberg.audit;

import java.util.Locale;

/** What came of what an entry of the audit records. */
public enum AuditOutcome {
  /** It was done. */
  DONE,
  /** Nothing was changed: the request was wrong, came too late, or was made by the wrong one. */
  REFUSED,
  /** It could not be done. */
  FAILED,
  /** It had begun, and nobody was left to say how it ended: look whether it was done. */
  UNKNOWN;

  /** The word in the API. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
