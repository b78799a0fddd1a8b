package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.engine.SparkCatalog;
import io.twinberg.it.engine.SparkProcess;
import io.twinberg.replica.ReplicaFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong at a destination or in a path is named, harms no commit, and heals. */
class BadInputIT {
  private static final String NAMESPACE = "bad";
  private static final String TABLE = "orders";
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** What a slow machine that is busy with other things adds to waits and copies. */
  private static final Duration BUSY_MACHINE = Duration.ofMinutes(1);

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
    stores.close();
  }

  @Test
  void warehouse_thatNobodyServes_isNamedWithThoseThatAre() {
    String message =
        "There is no warehouse 'nowhere' here. Set 'warehouse' to a served catalog: eu, lake.";
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup)) {
      var answer = new RestReads(twinberg.base()).get("/v1/config?warehouse=nowhere");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(RestReads.parse(answer.body()).at("/error/message").textValue())
          .isEqualTo(message);

      spark.session(SparkCatalog.of("lost", twinberg.base()).withWarehouse("nowhere"));
      assertThat(spark.error("SHOW NAMESPACES IN lost").message()).contains(message);
    }
  }

  @Test
  void destination_withWrongKeys_failsTheReplicaUntilTheyAreRight() {
    Map<String, String> wrong = new HashMap<>(stores.destination().properties());
    wrong.put("s3.secret-access-key", "not-the-secret");
    SampleTable table;
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup.writingWith(wrong))) {
      table = created(twinberg);
      table.insert(1);
      ReplicaFailure failure = awaitFailure(twinberg, TABLE);
      assertThat(failure.code()).isEqualTo("DESTINATION_DENIED");
      assertThat(failure.message()).contains(StorePair.REPLICAS).doesNotContain("not-the-secret");
      assertThat(failure.needsPerson()).isTrue();
      table.insert(2);
      assertThat(spark.value("SELECT count(*) FROM " + table.atSource())).isEqualTo(4L);
      assertThat(stores.replicated()).isEmpty();
    }
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup)) {
      Replicated.awaitCurrent(twinberg, NAMESPACE, TABLE);
      assertThat(twinberg.failure(NAMESPACE, TABLE)).isEmpty();
      spark.session(twinberg.replicas());
      assertThat(spark.value("SELECT count(*) FROM " + table.atDestination())).isEqualTo(4L);
    }
  }

  @Test
  void destination_thatWasDown_isCaughtUpWithinTwoRetries() {
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup)) {
      SampleTable table = created(twinberg);
      table.insert(1);
      Replicated.awaitCurrent(twinberg, NAMESPACE, TABLE);

      stores.destination().stop();
      table.insert(2);
      table.insert(3);
      ReplicaFailure failure = awaitFailure(twinberg, TABLE);
      assertThat(failure.code()).isEqualTo("DESTINATION_UNAVAILABLE");
      assertThat(failure.needsPerson()).isFalse();

      stores.destination().restart();
      Replicated.awaitCurrent(
          twinberg, NAMESPACE, TABLE, Setup.RETRY_MAX.multipliedBy(2).plus(BUSY_MACHINE));
      assertThat(twinberg.failure(NAMESPACE, TABLE)).isEmpty();
      spark.session(twinberg.replicas());
      assertThat(spark.value("SELECT count(*) FROM " + table.atDestination())).isEqualTo(6L);
    }
  }

  @Test
  void path_thatLeadsOutside_isRefusedAndNothingIsCopied() {
    stores.source().createBucket("vault");
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup);
        CraftedCommits commits = CraftedCommits.of(twinberg, stores.source())) {
      assertRefused(
          twinberg,
          commits,
          "outside",
          "s3://vault/secret.parquet",
          "it is outside allowed-locations [s3://lake/wh/]");
      assertRefused(
          twinberg,
          commits,
          "dotted",
          "s3://lake/wh/../../vault/secret.parquet",
          "it contains a '.' or '..' segment");
      assertThat(stores.replicated())
          .noneMatch(path -> path.getFileName().toString().equals("secret.parquet"));
    }
  }

  private static void assertRefused(
      RunningTwinberg twinberg, CraftedCommits commits, String table, String path, String reason) {
    commits.createTable(NAMESPACE, table);
    TableHistory empty = Replicated.awaitCurrent(twinberg, NAMESPACE, table);
    commits.write("s3://vault/secret.parquet");

    commits.append(NAMESPACE, table, path);

    ReplicaFailure failure = awaitFailure(twinberg, table);
    assertThat(failure.code()).isEqualTo("PATH_REFUSED");
    assertThat(failure.message()).isEqualTo("path '%s' is refused: %s", path, reason);
    assertThat(failure.file()).contains(path);
    assertThat(failure.needsPerson()).isTrue();
    assertThat(twinberg.reads(Setup.DESTINATION).history(NAMESPACE, table)).contains(empty);
  }

  private SampleTable created(RunningTwinberg twinberg) {
    spark.session(twinberg.source(stores.source()));
    return SampleTable.create(spark, NAMESPACE, TABLE, 2);
  }

  private static ReplicaFailure awaitFailure(RunningTwinberg twinberg, String table) {
    return await("failure of " + table)
        .atMost(LIMIT)
        .until(() -> twinberg.failure(NAMESPACE, table), Optional::isPresent)
        .orElseThrow();
  }
}
