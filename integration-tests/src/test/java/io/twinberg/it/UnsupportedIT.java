package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.engine.SparkProcess;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailure;
import java.net.http.HttpResponse;
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
  private static final Duration LIMIT = Duration.ofMinutes(3);

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
  void table_thatIsToBeEncrypted_failsAndRecoversWhenItIsNot() {
    spark.session(twinberg.source(stores.source()));
    SampleTable table = SampleTable.create(spark, NAMESPACE, "secret", 2);
    table.insert(1);
    await("the rows at the replica").atMost(LIMIT).until(() -> load(table), this::hasRows);
    String readable = location(table).orElseThrow();

    table.alter("set tblproperties ('encryption.key-id' = 'k1')");
    ReplicaFailure failure = awaitFailure(table.name());

    assertThat(failure.code()).isEqualTo("UNSUPPORTED");
    assertThat(failure.message()).contains("encryption.key-id");
    assertThat(location(table)).as("the last good version stays").contains(readable);
    assertThat(load(table)).matches(this::hasRows);

    table.alter("unset tblproperties ('encryption.key-id')");
    await("its recovery")
        .atMost(LIMIT)
        .until(() -> location(table), location -> !location.equals(Optional.of(readable)));
    assertThat(twinberg.failure(NAMESPACE, table.name())).isEmpty();
  }

  private Optional<String> location(SampleTable table) {
    return twinberg.replica(NAMESPACE, table.name()).flatMap(Replica::metadataLocation);
  }

  private HttpResponse<String> load(SampleTable table) {
    return twinberg.reads(Setup.DESTINATION).load(NAMESPACE, table.name());
  }

  private boolean hasRows(HttpResponse<String> answer) {
    return answer.statusCode() == 200 && answer.body().contains("\"manifest-list\"");
  }

  private static ReplicaFailure awaitFailure(String table) {
    return await("failure of " + table)
        .atMost(LIMIT)
        .until(() -> twinberg.failure(NAMESPACE, table), Optional::isPresent)
        .orElseThrow();
  }
}
