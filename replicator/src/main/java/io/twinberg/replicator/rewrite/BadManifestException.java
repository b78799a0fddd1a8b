package io.twinberg.replicator.rewrite;

/** A manifest or manifest list that cannot be copied, and which one it is. */
public final class BadManifestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;

  /** Says which file has a problem. */
  public BadManifestException(String file, ManifestProblemException problem) {
    super(file + ": " + problem.getMessage(), problem);
    this.file = file;
  }

  /** The file's location. */
  public String file() {
    return file;
  }

  /** Whether the file is damaged; otherwise it is sound and holds something that we cannot copy. */
  public boolean isDamaged() {
    return getCause() instanceof CorruptManifestException;
  }
}
