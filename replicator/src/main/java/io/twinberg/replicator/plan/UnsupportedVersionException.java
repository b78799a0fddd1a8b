package io.twinberg.replicator.plan;

/** A version holds something that cannot be replicated exactly yet; the message names it. */
public final class UnsupportedVersionException extends RuntimeException {
  private final String file;

  /** What it is, and the file that holds it. */
  public UnsupportedVersionException(String what, String file) {
    super(what);
    this.file = file;
  }

  /** The file that holds it. */
  public String file() {
    return file;
  }
}
