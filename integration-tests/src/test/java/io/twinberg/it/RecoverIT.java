package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.it.engine.FinishedJvm;
import io.twinberg.it.engine.SparkProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the database and the source gone, the bucket alone is enough to serve the replicas. */
class RecoverIT {
  private static final String NAMESPACE = "kept";

  @TempDir private Path folder;

  private final SparkProcess spark = SparkProcess.shared();
  private StorePair stores;
  private Setup setup;

  @BeforeEach
  void startStores() {
    stores = StorePair.start(folder);
    setup = Setup.embedded(folder, stores);
  }

  @AfterEach
  void stopStores() {
    stores.destination().close();
  }

  @Test
  void replicas_afterLossOfDatabaseAndSource_areRecoveredFromTheBucket() throws IOException {
    Map<SampleTable, TableHistory> histories = new LinkedHashMap<>();
    Map<SampleTable, TableRows> rows = new LinkedHashMap<>();
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup)) {
      spark.session(twinberg.source(stores.source()));
      for (SampleTable table : List.of(written("orders_v2", 2), written("orders_v3", 3))) {
        TableHistory history = Replicated.awaitCurrent(twinberg, NAMESPACE, table.name());
        histories.put(table, history);
        rows.put(table, table.rowsAtSource(history));
      }
    }
    stores.source().stop();
    deleteDatabase();

    FinishedJvm recover = recover();

    assertThat(recover.exit()).as(recover.err()).isZero();
    assertThat(recover.out().lines())
        .anyMatch(line -> line.startsWith("recovered kept.orders_v2 at position "))
        .anyMatch(line -> line.startsWith("recovered kept.orders_v3 at position "))
        .contains("2 replicas recovered at eu, 0 known already");
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup)) {
      spark.session(twinberg.replicas());
      for (SampleTable table : histories.keySet()) {
        TableHistory history = histories.get(table);
        assertThat(twinberg.reads(Setup.DESTINATION).history(NAMESPACE, table.name()))
            .contains(history);
        assertThat(table.rowsAtDestination(history)).isEqualTo(rows.get(table));
      }
    }
    assertThat(recover().out()).isEqualTo("0 replicas recovered at eu, 2 known already\n");
  }

  @Test
  void recover_ofUnknownDestination_namesThoseThereAre() {
    stores.source().stop();

    FinishedJvm recover =
        TwinbergCommand.run(
            folder, "recover", "--config", setup.file().toString(), "--destination", "us");

    assertThat(recover.exit()).isEqualTo(1);
    assertThat(recover.err().lines())
        .contains("there is no destination 'us'; the configuration has [eu]");
  }

  private SampleTable written(String name, int format) {
    SampleTable table = SampleTable.create(spark, NAMESPACE, name, format);
    table.insert(1);
    table.alter("CREATE TAG one");
    table.insert(2);
    return table;
  }

  private FinishedJvm recover() {
    return TwinbergCommand.run(
        folder, "recover", "--config", setup.file().toString(), "--destination", "eu");
  }

  private void deleteDatabase() throws IOException {
    try (Stream<Path> files = Files.list(setup.dataDir())) {
      List<Path> database =
          files.filter(file -> file.getFileName().toString().startsWith("twinberg.")).toList();
      assertThat(database).isNotEmpty();
      for (Path file : database) {
        Files.delete(file);
      }
    }
  }
}
