package io.twinberg.replicator.metadata;

import org.jspecify.annotations.Nullable;

/** Bytes that should be table metadata are not. */
public final class InvalidMetadataException extends RuntimeException {
  /** What is wrong with them. */
  public InvalidMetadataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
