package io.twinberg.replicator.verify;

import io.twinberg.files.NotVendedException;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreException.Kind;
import org.apache.iceberg.exceptions.NotFoundException;

/** What an exception of a reader means. */
enum Trouble {
  /** The file is not there. */
  MISSING,
  /** The store does not let it be read, or not now: that says nothing about the file. */
  UNREACHABLE,
  /** The file is not what it should be. */
  DAMAGED;

  /** Readers hide what a store said under exceptions of their own. */
  static Trouble of(Throwable problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException store) {
        return of(store);
      }
      if (cause instanceof NotFoundException) {
        return MISSING;
      }
      if (cause instanceof NotVendedException) {
        return UNREACHABLE;
      }
    }
    return DAMAGED;
  }

  private static Trouble of(StoreException e) {
    if (e.kind() == Kind.MISSING) {
      return MISSING;
    }
    return e.worthRetry() || e.kind() == Kind.DENIED ? UNREACHABLE : DAMAGED;
  }

  /** The exception in one line. */
  static String line(Throwable problem) {
    String message = String.valueOf(problem.getMessage());
    String first = message.lines().findFirst().orElse("");
    return first.isEmpty() ? problem.toString() : first;
  }
}
