package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.engine.SparkProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spark 4.1 writes through the proxy and reads every version of the replica. */
@Tag("spark41")
class Spark41IT {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void table_ofEitherFormat_isReadFromTheReplica(int format) {
    try (StorePair stores = StorePair.start(folder);
        FixtureCatalog fixture =
            FixtureCatalog.start(
                FixtureSettings.onS3(
                    folder.resolve("fixture"), StorePair.WAREHOUSE, stores.source().properties()));
        RunningTwinberg twinberg =
            RunningTwinberg.start(Setup.upstream(folder, stores, fixture.uri()));
        SparkProcess spark = SparkProcess.start41()) {
      spark.session(twinberg.source(stores.source()), twinberg.replicas());
      assertThat((String) spark.value("SELECT version()")).startsWith("4.1.");
      SampleTable table = SampleTable.create(spark, "shop", "orders", format);
      table.insert(1);
      table.insert(2);
      table.alter("CREATE BRANCH audit");
      table.insertIntoBranch("audit", 100);
      table.alter("ADD COLUMN note STRING");
      table.insertWithNote(3);
      table.alter("CREATE TAG three");
      table.alter("RENAME COLUMN amount TO price");
      table.alter("REPLACE PARTITION FIELD region WITH bucket(4, id)");
      table.insertWithNote(4);

      TableHistory history = Replicated.awaitCurrent(twinberg, "shop", "orders");
      assertThat(history.snapshots()).hasSize(5);
      assertThat(table.rowsAtDestination(history)).isEqualTo(table.rowsAtSource(history));
      String insert = "INSERT INTO eu.shop.orders VALUES (9, 'eu', 9, 'x')";
      assertThat(spark.error(insert).message()).contains("does not support endpoint");
    }
  }
}
