package io.twinberg.replicator.rewrite;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the bytes of a manifest or manifest list; its reader knows which one it is.
 */
public abstract sealed class ManifestProblemException extends RuntimeException
    permits CorruptManifestException, UnsupportedManifestException {
  private static final long serialVersionUID = 1L;

  ManifestProblemException(String what, @Nullable Throwable cause) {
    super(what, cause);
  }
}
