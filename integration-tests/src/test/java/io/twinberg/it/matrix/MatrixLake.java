package io.twinberg.it.matrix;

import io.twinberg.it.RunningTwinberg;
import io.twinberg.it.Setup;
import io.twinberg.it.StorePair;
import io.twinberg.it.TwinbergCommand;
import io.twinberg.it.engine.FinishedJvm;
import io.twinberg.it.engine.SparkProcess;
import java.nio.file.Path;

/** A Twinberg between two S3 servers, and a Spark that knows both its source and its replicas. */
final class MatrixLake implements AutoCloseable {
  static final String NAMESPACE = "matrix";

  private final Path folder;
  private final StorePair stores;
  private final RunningTwinberg twinberg;
  private final SparkProcess spark = SparkProcess.shared();

  private MatrixLake(Path folder, StorePair stores, RunningTwinberg twinberg) {
    this.folder = folder;
    this.stores = stores;
    this.twinberg = twinberg;
  }

  /** The source's warehouse in a bucket; its tables may lie elsewhere in it, too. */
  static MatrixLake onS3(Path folder) {
    return start(folder, StorePair.WAREHOUSE);
  }

  /** The source's warehouse on the disk of this machine; its tables may have files in a bucket. */
  static MatrixLake onDisk(Path folder) {
    return start(folder, folder.resolve("warehouse").toString());
  }

  private static MatrixLake start(Path folder, String warehouse) {
    StorePair stores = StorePair.start(folder);
    Setup usual = Setup.embedded(folder, stores);
    String source =
        usual.source().replace(StorePair.WAREHOUSE, warehouse)
            + ", allowed-locations: [\"s3://lake/\", \"s3a://lake/\", \"file:%s/\"]"
                .formatted(folder);
    Setup setup =
        new Setup(
            folder,
            source,
            usual.storage(),
            usual.client(),
            usual.more(),
            usual.retention(),
            "",
            "");
    MatrixLake lake = new MatrixLake(folder, stores, RunningTwinberg.start(setup));
    lake.newSession();
    lake.spark.run("CREATE NAMESPACE lake." + NAMESPACE);
    return lake;
  }

  /** Leaves behind whatever a history has set in Spark's session. */
  void newSession() {
    spark.session(twinberg.source(stores.source()), twinberg.replicas());
  }

  MatrixTable table(Cell cell, String history) {
    return new MatrixTable(this, cell, history + "_" + cell);
  }

  /** A folder of this machine that the source may use. */
  Path folder() {
    return folder;
  }

  /** Has all replicas verified, with all their rows, by the command. */
  FinishedJvm verified() {
    return TwinbergCommand.run(
        folder, "verify", "--management", twinberg.management().toString(), "--rows", "all");
  }

  StorePair stores() {
    return stores;
  }

  SparkProcess spark() {
    return spark;
  }

  RunningTwinberg twinberg() {
    return twinberg;
  }

  @Override
  public void close() {
    twinberg.close();
    stores.close();
  }
}
