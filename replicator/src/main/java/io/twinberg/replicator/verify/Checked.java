package io.twinberg.replicator.verify;

/** What a verification counts. */
public enum Checked {
  /** Snapshots of the replica. */
  SNAPSHOTS("snapshots"),
  /** Of these, those that were held against the source's. */
  SNAPSHOTS_COMPARED("snapshotsCompared"),
  /** Manifests, each once. */
  MANIFESTS("manifests"),
  /** Of these, those that were held against the source's, entry by entry. */
  MANIFESTS_COMPARED("manifestsCompared"),
  /** Live data files, in each manifest that names them. */
  DATA_FILES("dataFiles"),
  /** Live delete files, in each manifest that names them. */
  DELETE_FILES("deleteFiles"),
  /** Deletion vectors that were read. */
  DELETION_VECTORS("deletionVectors"),
  /** Rows of position delete files that were read. */
  POSITION_DELETES("positionDeletes"),
  /** Statistics files. */
  STATISTICS_FILES("statisticsFiles"),
  /** Snapshots whose rows were compared. */
  ROW_COMPARISONS("rowComparisons"),
  /** Rows that were read at the replica. */
  ROWS("rows"),
  /** Files in the replica's folder. */
  FILES_LISTED("filesListed");

  private final String word;

  Checked(String word) {
    this.word = word;
  }

  /** The name in reports. */
  public String word() {
    return word;
  }
}
