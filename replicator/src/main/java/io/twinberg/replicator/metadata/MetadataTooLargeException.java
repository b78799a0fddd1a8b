package io.twinberg.replicator.metadata;

/** A metadata file is larger than the configured limit. */
public final class MetadataTooLargeException extends RuntimeException {
  private final String location;

  /** Names the file and the limit. */
  public MetadataTooLargeException(String location, long limitInBytes) {
    super(
        "metadata file "
            + location
            + " is larger than replicator.metadata-tree-limit ("
            + limitInBytes
            + " bytes); expire snapshots at the source or raise the limit");
    this.location = location;
  }

  /** The file. */
  public String location() {
    return location;
  }
}
