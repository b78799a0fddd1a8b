package io.twinberg.proxy.catalog;

/** A call was passed on and no whole answer came back. */
public final class UpstreamException extends RuntimeException {
  /** How far the call got. */
  public enum Kind {
    /** Nothing was sent: the upstream cannot have seen the call. */
    NOT_SENT,
    /** The connection broke, or the answer was cut off: the upstream may have acted. */
    BROKEN,
    /** The time-out passed: the upstream may act even later. */
    TIMEOUT
  }

  private final Kind kind;

  /** How far the call got, and the reason in words. */
  public UpstreamException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** How far the call got. */
  public Kind kind() {
    return kind;
  }
}
