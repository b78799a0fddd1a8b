package io.twinberg.replicator.rewrite;

/** A manifest or manifest list is sound but holds something that cannot be rewritten correctly. */
public final class UnsupportedManifestException extends ManifestProblemException {

  private static final long serialVersionUID = 1L;

  UnsupportedManifestException(String what) {
    super(what, null);
  }
}
