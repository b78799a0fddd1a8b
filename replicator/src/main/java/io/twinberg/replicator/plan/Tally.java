package io.twinberg.replicator.plan;

import io.twinberg.replicator.rewrite.ManifestEntry;

/** Adds up a volume; used by one thread. */
final class Tally {
  private long snapshots;
  private long manifests;
  private long dataFiles;
  private long deleteFiles;
  private long statisticsFiles;
  private long bytes;

  void snapshot() {
    snapshots++;
  }

  void manifest() {
    manifests++;
  }

  void file(ManifestEntry entry) {
    if (entry.content() == 0) {
      dataFiles++;
    } else {
      deleteFiles++;
    }
    bytes += entry.lengthInBytes();
  }

  void statistics(long lengthInBytes) {
    statisticsFiles++;
    bytes += lengthInBytes;
  }

  Volume volume() {
    return new Volume(snapshots, manifests, dataFiles, deleteFiles, statisticsFiles, bytes);
  }
}
