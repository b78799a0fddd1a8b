package io.twinberg.replicator.rewrite;

import org.jspecify.annotations.Nullable;

/** A manifest or manifest list is damaged: its bytes are not what its own header promises. */
public final class CorruptManifestException extends ManifestProblemException {

  private static final long serialVersionUID = 1L;

  CorruptManifestException(String what) {
    this(what, null);
  }

  CorruptManifestException(String what, @Nullable Throwable cause) {
    super(what, cause);
  }
}
