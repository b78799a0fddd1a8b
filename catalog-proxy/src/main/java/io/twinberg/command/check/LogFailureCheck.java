package io.twinberg.command.check;

import io.twinberg.config.OnLogFailure;
import java.util.Optional;

/** Says what becomes of a source's commits while the database is away, and why. */
public final class LogFailureCheck {
  private static final String CHECK = "database away";

  private final Optional<OnLogFailure> written;
  private final Optional<Boolean> keepsMetadataLog;

  /**
   * @param written what the configuration says
   * @param keepsMetadataLog what is known of the source's metadata
   */
  public LogFailureCheck(Optional<OnLogFailure> written, Optional<Boolean> keepsMetadataLog) {
    this.written = written;
    this.keepsMetadataLog = keepsMetadataLog;
  }

  /** What it is. */
  public Finding of(String subject) {
    boolean forgets = keepsMetadataLog.equals(Optional.of(false));
    if (written.equals(Optional.of(OnLogFailure.FORWARD)) && forgets) {
      return Finding.warn(
          subject,
          CHECK,
          "commits go on, although the source's metadata names no earlier files: of several, the log"
              + " gets the last one; leave on-log-failure out, or write 'reject'");
    }
    return Finding.ok(subject, CHECK, refused(forgets) ? refusal() : passing());
  }

  private boolean refused(boolean forgets) {
    return written.map(OnLogFailure.REJECT::equals).orElse(forgets);
  }

  private String refusal() {
    return written.isPresent()
        ? "commits are refused (on-log-failure)"
        : "commits are refused, since the source's metadata names no earlier files";
  }

  private String passing() {
    if (written.isPresent()) {
      return "commits go on (on-log-failure)";
    }
    return keepsMetadataLog.isPresent()
        ? "commits go on, since the source's metadata names earlier files"
        : "commits go on; should the source's metadata name no earlier files, they are refused";
  }
}
