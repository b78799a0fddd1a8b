package io.twinberg.replicator.publish;

/** A version needs a file for which a call that deletes it may be on its way. */
public final class FileBeingDeletedException extends RuntimeException {
  private final String file;

  FileBeingDeletedException(String file) {
    super(
        file
            + " is needed again while it is being deleted by an attempt that did not end; it is copied"
            + " again when no such call can be on its way any more");
    this.file = file;
  }

  /** The file at the destination. */
  public String file() {
    return file;
  }
}
