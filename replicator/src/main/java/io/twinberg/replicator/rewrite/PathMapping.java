package io.twinberg.replicator.rewrite;

/** Where a file of the source lies at the destination: a pure function of the raw path string. */
@FunctionalInterface
public interface PathMapping {
  /** The target path of a source path; refuses a path that may not be replicated by throwing. */
  String map(String sourcePath);

  /** Whether {@link #map} would answer instead of refusing. */
  default boolean accepts(String sourcePath) {
    return true;
  }
}
