package io.twinberg.storage;

import org.jspecify.annotations.Nullable;

/** A failed call to an object store: what kind of failure, at which location, and what to check. */
public final class StoreException extends RuntimeException {

  /** What a failure means for the caller. */
  public enum Kind {
    /** The object is not there; its bucket is. */
    MISSING(false),
    /** The store refuses these credentials, or there are none. */
    DENIED(false),
    /** The store asks for fewer requests. */
    THROTTLED(true),
    /** The store did not answer, answered too late, or broke down; also: the thread was stopped. */
    UNAVAILABLE(true),
    /** The bytes are not what was expected. */
    CORRUPT(false),
    /** The request cannot succeed as it stands: wrong location, bucket, region or setting. */
    INVALID(false);

    private final boolean worthRetry;

    Kind(boolean worthRetry) {
      this.worthRetry = worthRetry;
    }
  }

  private final Kind kind;
  private final String location;

  /** A failure whose message already names the location. */
  public StoreException(Kind kind, String location, String message) {
    this(kind, location, message, null);
  }

  /** A failure with the exception that caused it. */
  public StoreException(Kind kind, String location, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.location = location;
  }

  /** Waiting was interrupted before a call; whoever loops above must still see it. */
  static StoreException interrupted(String location, Exception e) {
    Thread.currentThread().interrupt();
    return new StoreException(
        Kind.UNAVAILABLE, location, "Interrupted before " + location + " was asked for", e);
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }

  /** The location of the object that the failed call was about. */
  public String location() {
    return location;
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  public boolean worthRetry() {
    return kind.worthRetry;
  }
}
