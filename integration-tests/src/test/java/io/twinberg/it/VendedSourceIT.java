package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.engine.SparkProcess;
import io.twinberg.replica.ReplicaFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source is replicated with the credentials that its catalog vends, and none of Twinberg's. */
class VendedSourceIT {
  private static final String NAMESPACE = "vended";

  @TempDir private Path folder;

  private final SparkProcess spark = SparkProcess.shared();
  private StorePair stores;

  @BeforeEach
  void startStores() {
    stores = StorePair.start(folder);
  }

  @AfterEach
  void stopStores() {
    stores.close();
  }

  private FixtureSettings fixture() {
    return FixtureSettings.onS3(
        folder.resolve("fixture"), StorePair.WAREHOUSE, stores.source().properties());
  }

  @Test
  void table_ofACatalogThatVends_replicates() {
    FixtureSettings vending =
        fixture().with("include-credentials", "true").with("s3.session-token", "dummy");
    try (FixtureCatalog catalog = FixtureCatalog.start(vending);
        RunningTwinberg twinberg =
            RunningTwinberg.start(Setup.vended(folder, stores, catalog.uri()))) {
      spark.session(twinberg.source(stores.source()), twinberg.replicas());
      SampleTable table = SampleTable.create(spark, NAMESPACE, "orders", 2);
      table.insert(1);
      table.insert(2);
      TableHistory history = Replicated.awaitCurrent(twinberg, NAMESPACE, table.name());
      assertThat(history.snapshots()).hasSize(2);
      assertThat(table.rowsAtDestination(history)).isEqualTo(table.rowsAtSource(history));
      assertThat(twinberg.failure(NAMESPACE, table.name())).isEmpty();
    }
  }

  @Test
  void table_ofACatalogThatVendsNothing_failsAndSaysTheWayOut() {
    try (FixtureCatalog catalog = FixtureCatalog.start(fixture());
        RunningTwinberg twinberg =
            RunningTwinberg.start(Setup.vended(folder, stores, catalog.uri()))) {
      spark.session(twinberg.source(stores.source()));
      SampleTable table = SampleTable.create(spark, NAMESPACE, "closed", 2);
      table.insert(1);
      ReplicaFailure failure =
          await("failure")
              .atMost(Duration.ofMinutes(3))
              .until(() -> twinberg.failure(NAMESPACE, table.name()), Optional::isPresent)
              .orElseThrow();
      assertThat(failure.code()).isEqualTo("CREDENTIALS_NOT_VENDED");
      assertThat(failure.message()).contains("'credentials: static'");
    }
  }
}
