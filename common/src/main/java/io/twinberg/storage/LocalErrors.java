package io.twinberg.storage;

import io.twinberg.storage.StoreException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** The one place that decides what a failure of the file system means. */
final class LocalErrors {
  private LocalErrors() {}

  /** Work on the file system. */
  interface Work<T> {
    T run() throws IOException;
  }

  /** Runs work and translates its failure. */
  static <T> T calling(String action, String location, Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw translate(action, location, e);
    } catch (UncheckedIOException e) {
      throw translate(action, location, e.getCause());
    }
  }

  private static StoreException translate(String action, String location, IOException e) {
    if (e instanceof NoSuchFileException) {
      return failure(Kind.MISSING, action, location, "there is no such file", e);
    }
    if (e instanceof AccessDeniedException) {
      return failure(
          Kind.DENIED, action, location, "no permission; check the owner and mode of the path", e);
    }
    if (e instanceof ClosedByInterruptException) {
      return failure(Kind.UNAVAILABLE, action, location, "the thread was interrupted", e);
    }
    return failure(Kind.UNAVAILABLE, action, location, String.valueOf(e.getMessage()), e);
  }

  private static StoreException failure(
      Kind kind, String action, String location, String why, IOException cause) {
    return new StoreException(
        kind, location, "Cannot " + action + " " + location + ": " + why, cause);
  }
}
