package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.it.engine.SparkProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that Spark has deleted without rewriting their files are gone at the destination too. */
class DeletesIT {
  private static final String NAMESPACE = "deleted";

  @TempDir private static Path folder;

  private static StorePair stores;
  private static RunningTwinberg twinberg;

  private final SparkProcess spark = SparkProcess.shared();

  @BeforeAll
  static void start() {
    stores = StorePair.start(folder);
    twinberg = RunningTwinberg.start(Setup.embedded(folder, stores));
  }

  @AfterAll
  static void stop() {
    twinberg.close();
    stores.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void mergeOnReadDelete_replicaHasTheRowsOfEverySnapshot(int format) {
    spark.session(twinberg.source(stores.source()), twinberg.replicas());
    SampleTable table = SampleTable.create(spark, NAMESPACE, "deletes_v" + format, format);
    table.alter("SET TBLPROPERTIES ('write.delete.mode' = 'merge-on-read')");
    table.insert(1);
    TableHistory before = Replicated.awaitCurrent(twinberg, NAMESPACE, table.name());
    TableRows rowsBefore = table.rowsAtSource(before);

    spark.run("DELETE FROM " + table.atSource() + " WHERE id = 1");

    assertThat(spark.value("SELECT content FROM " + table.atSource() + ".delete_files"))
        .isEqualTo(1L); // a position delete, so that this test is about what it says
    TableHistory after = Replicated.awaitCurrent(twinberg, NAMESPACE, table.name());
    assertThat(table.rowsAtDestination(after))
        .isEqualTo(table.rowsAtSource(after))
        .isNotEqualTo(rowsBefore);
  }
}
