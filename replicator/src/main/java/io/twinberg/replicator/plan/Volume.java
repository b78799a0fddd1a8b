package io.twinberg.replicator.plan;

/**
 * How much there is: what several snapshots share counts once.
 *
 * @param deleteFiles of every kind; a Puffin file counts once, however many deletion vectors it has
 * @param statisticsFiles of statistics and of partition statistics
 * @param bytes of data, delete and statistics files, as the source records them
 */
public record Volume(
    long snapshots,
    long manifests,
    long dataFiles,
    long deleteFiles,
    long statisticsFiles,
    long bytes) {
  /** Nothing. */
  public static final Volume NONE = new Volume(0, 0, 0, 0, 0, 0);

  /** This and another one together. */
  public Volume plus(Volume other) {
    return new Volume(
        snapshots + other.snapshots,
        manifests + other.manifests,
        dataFiles + other.dataFiles,
        deleteFiles + other.deleteFiles,
        statisticsFiles + other.statisticsFiles,
        bytes + other.bytes);
  }

  /** The files that the bytes are of. */
  public long files() {
    return dataFiles + deleteFiles + statisticsFiles;
  }
}
