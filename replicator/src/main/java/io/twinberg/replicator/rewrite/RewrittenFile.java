package io.twinberg.replicator.rewrite;

/** Where a rewritten file lies and how long it is. */
public record RewrittenFile(String path, long lengthInBytes) {

  /** Rejects a negative length. */
  public RewrittenFile {
    if (lengthInBytes < 0) {
      throw new IllegalArgumentException("negative length " + lengthInBytes + " of " + path);
    }
  }
}
