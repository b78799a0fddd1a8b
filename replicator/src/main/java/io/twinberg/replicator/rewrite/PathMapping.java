package io.twinberg.replicator.rewrite;

/** A pure function from a raw source path to the replica's path; it may throw to refuse a path. */
@FunctionalInterface
public interface PathMapping {

  /** The replica's path for a source path, both exactly as they stand in Iceberg metadata. */
  String map(String sourcePath);
}
