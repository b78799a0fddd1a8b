package io.twinberg.proxy.catalog;

/** Twinberg itself refuses a call; nothing of it has reached a catalog. */
public final class RefusedException extends RuntimeException {
  /** Why a call is refused; the listener gives each a status and an Iceberg error type. */
  public enum Reason {
    /** The request cannot be understood. */
    BAD_REQUEST,
    /** The caller is not known. */
    NOT_AUTHORIZED,
    /** The caller is known and may not do this. */
    FORBIDDEN,
    /** No catalog or route has that name. */
    NOT_FOUND,
    /** The method is none that a catalog answers. */
    METHOD_NOT_ALLOWED,
    /** The request's body is larger than allowed. */
    TOO_LARGE,
    /** The request's body comes so slowly that the client only holds a place. */
    TOO_SLOW,
    /** Too many calls are in flight at the source. */
    BUSY,
    /** The commit cannot be logged, and the source does not take commits that are not. */
    LOG_UNAVAILABLE,
    /** What is asked for is in the database, which does not answer. */
    DATABASE_AWAY,
    /** The commit comes too early; what it is based on has to be loaded and it be made again. */
    COMMIT_HELD
  }

  private final Reason reason;

  /** A refusal and its explanation for the client, with the way out. */
  public RefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why the call is refused. */
  public Reason reason() {
    return reason;
  }
}
