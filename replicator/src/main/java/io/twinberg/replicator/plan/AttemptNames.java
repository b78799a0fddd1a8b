package io.twinberg.replicator.plan;

import io.twinberg.database.PathHash;

/**
 * The names of the files that one attempt writes in a replica's {@code metadata} folder. They bear
 * the lease's token and a nonce, so that an attempt that lost its lease can never overwrite what
 * another one published.
 */
public record AttemptNames(String folder, long token, String nonce) {
  /** Where a rewritten manifest stands; the name begins with the hash of its source path. */
  public String manifest(String sourcePath) {
    return metadata(PathHash.of(sourcePath) + suffix() + ".avro");
  }

  /** Where the manifest list of a snapshot stands. */
  public String manifestList(long snapshotId) {
    return metadata("snap-" + snapshotId + suffix() + ".avro");
  }

  /** Where the metadata file of a generation stands. */
  public String metadataFile(long generation) {
    return metadata(String.format("%05d-%d-%s.metadata.json", generation, token, nonce));
  }

  /** What the names of all rewritten files of this attempt bear, and no other's. */
  public String suffix() {
    return "-" + token + "-" + nonce;
  }

  private String metadata(String name) {
    return folder + "/metadata/" + name;
  }
}
