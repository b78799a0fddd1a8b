package io.twinberg.replicator.delete;

/** A delete file is of a format that nobody here can rewrite; the message names both. */
public final class UnsupportedDeleteFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;

  UnsupportedDeleteFileException(String file, String format) {
    super(
        "position deletes of format '%s' in %s; known are PARQUET, AVRO, ORC and PUFFIN"
            .formatted(format, file));
    this.file = file;
  }

  /** The delete file. */
  public String file() {
    return file;
  }
}
