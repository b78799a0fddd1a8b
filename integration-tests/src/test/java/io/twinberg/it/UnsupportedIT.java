package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.engine.SparkProcess;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be replicated exactly is named, and what was replicated before stays readable. */
class UnsupportedIT {
  private static final String NAMESPACE = "odd";
  private static final Duration LIMIT = Duration.ofSeconds(60);

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

  @Test
  void replica_ofFormatVersion1_failsAndIsNeverShown() {
    spark.session(twinberg.source(stores.source()));
    SampleTable table = SampleTable.create(spark, NAMESPACE, "oldest", 1);
    table.insert(1);

    ReplicaFailure failure = awaitFailure(table.name());

    assertThat(failure.code()).isEqualTo("UNSUPPORTED");
    assertThat(failure.message())
        .isEqualTo("format-version 1 is not replicated: upgrade the table to format version 2");
    assertThat(twinberg.replica(NAMESPACE, table.name()).flatMap(Replica::metadataLocation))
        .isEmpty();
    assertThat(twinberg.reads(Setup.DESTINATION).load(NAMESPACE, table.name()).statusCode())
        .isEqualTo(404);
  }

  private static ReplicaFailure awaitFailure(String table) {
    return await("failure of " + table)
        .atMost(LIMIT)
        .until(() -> twinberg.failure(NAMESPACE, table), Optional::isPresent)
        .orElseThrow();
  }
}
