package io.twinberg.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What a source answered to a load. */
public sealed interface LoadResult {

  /**
   * A table version: where its metadata file lies, and the bytes of its metadata as the source
   * spelt them. The bytes are shared, not copied: nobody may change them.
   *
   * @param credentials what the source handed out with it, if it was asked to
   */
  record Loaded(
      String metadataLocation,
      String tableUuid,
      byte[] metadata,
      Optional<String> etag,
      TableCredentials credentials)
      implements LoadResult {
    /** A version without credentials. */
    public Loaded(
        String metadataLocation, String tableUuid, byte[] metadata, Optional<String> etag) {
      this(metadataLocation, tableUuid, metadata, etag, TableCredentials.NONE);
    }

    /** The metadata as a tree, with every number as exact as it was written. */
    public ObjectNode tree() {
      return MetadataJson.parse(metadata);
    }

    @Override
    public String toString() {
      return "Loaded[" + metadataLocation + ", " + metadata.length + " bytes]";
    }
  }

  /** The version that the caller's ETag stands for is still the current one. */
  record NotModified() implements LoadResult {}

  /** No table version: how the source failed. */
  sealed interface Failure extends LoadResult {
    /** What the source or the transport said, for people. */
    String detail();
  }

  /**
   * The source says that there is no such thing. It may also say so to hide it: only a successful
   * listing without the table means that it was dropped.
   */
  record NotFound(String detail) implements Failure {}

  /** The source refuses Twinberg's own identity. */
  record Denied(int status, String detail) implements Failure {}

  /** No usable answer; the status if there was one. */
  record Unavailable(Optional<Integer> status, String detail, Optional<Throwable> cause)
      implements Failure {
    static Unavailable because(String detail) {
      return new Unavailable(Optional.empty(), detail, Optional.empty());
    }

    static Unavailable because(String detail, Throwable cause) {
      return new Unavailable(Optional.empty(), detail, Optional.of(cause));
    }

    static Unavailable status(int status, String detail) {
      return new Unavailable(Optional.of(status), detail, Optional.empty());
    }
  }
}
