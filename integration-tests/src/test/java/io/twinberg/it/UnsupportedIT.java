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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void replica_ofTableThatGetsDeletes_failsAndKeepsItsLastVersion(int format) {
    spark.session(twinberg.source(stores.source()), twinberg.replicas());
    SampleTable table = SampleTable.create(spark, NAMESPACE, "deletes_v" + format, format);
    table.alter("SET TBLPROPERTIES ('write.delete.mode' = 'merge-on-read')");
    table.insert(1);
    TableHistory before = Replicated.awaitCurrent(twinberg, NAMESPACE, table.name());
    TableRows rows = table.rowsAtSource(before);

    spark.run("DELETE FROM " + table.atSource() + " WHERE id = 1");

    assertThat(spark.value("SELECT content FROM " + table.atSource() + ".delete_files"))
        .isEqualTo(1L); // a position delete, so that this test is about what it says
    ReplicaFailure failure = awaitFailure(table.name());
    assertThat(failure.code()).isEqualTo("UNSUPPORTED");
    assertThat(failure.message())
        .contains("has delete files", "tables with deletes are not supported yet");
    assertThat(failure.file()).hasValueSatisfying(file -> assertThat(file).startsWith("s3://lake"));
    assertThat(failure.needsPerson()).isTrue();
    assertThat(twinberg.reads(Setup.DESTINATION).history(NAMESPACE, table.name())).contains(before);
    assertThat(table.rowsAtDestination(before)).isEqualTo(rows);
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
