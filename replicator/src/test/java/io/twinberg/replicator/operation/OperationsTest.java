package io.twinberg.replicator.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.Claim;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.OperationState;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.RowScope;
import io.twinberg.operation.ViolationCounts;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.Replicator;
import io.twinberg.replicator.TestingLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running replicator makes of operations. */
class OperationsTest {
  @TempDir private Path folder;
  private TestingLake lake;
  private OperationLog log;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    log = new OperationLog(lake.database(), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Operation finished(Operation operation) {
    TestingLake.await(() -> log.find(operation.id()).orElseThrow().state().finished());
    return log.find(operation.id()).orElseThrow();
  }

  private Operation asked(Replicator replicator, OperationRequest request) {
    Operation operation = log.request(request, "ops");
    replicator.operationWaits();
    return finished(operation);
  }

  private static JsonNode result(Operation operation) throws Exception {
    return new ObjectMapper().readTree(operation.result().orElseThrow());
  }

  private static final OperationRequest VERIFY_ALL =
      new OperationRequest.Verify(ReplicaTarget.ALL, RowScope.NONE);

  @Test
  void verify_allReplicas_reportsEachAndTheDamagedOne() throws Exception {
    Table table = lake.create("2");
    lake.append(table, "a", "b");
    Table other = lake.create(TableIdentifier.of("sales", "other"), "2", Map.of());
    lake.append(other, "c");
    ViolationCounts counts = new ViolationCounts(lake.database());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      lake.awaitCurrent(other);

      Operation clean = asked(replicator, VERIFY_ALL);
      assertThat(clean.state()).isEqualTo(OperationState.COMPLETED);
      assertThat(clean.summary()).contains("2 replicas verified, 0 violations");
      assertThat(result(clean).path("ok").asBoolean()).isTrue();
      assertThat(counts.byDestination()).isEmpty();

      Files.delete(
          Path.of(lake.replica().folder().substring("file:".length()) + "/data/a.parquet"));
      Operation damaged = asked(replicator, VERIFY_ALL);
      assertThat(damaged.summary()).contains("2 replicas verified, 1 violation in 1 replica");
      JsonNode result = result(damaged);
      assertThat(result.path("ok").asBoolean()).isFalse();
      assertThat(result.path("reports")).hasSize(2);
      assertThat(result.findValuesAsText("kind")).containsExactly("file-missing");
      assertThat(result.path("reports").path(0).path("table").asText()).isEqualTo("events");
      assertThat(counts.byDestination()).isEqualTo(Map.of("eu", 1L));
    }
  }

  @Test
  void verify_ofADeadProcess_isTakenOver() {
    Table table = lake.create("2");
    lake.append(table, "a");
    Operation operation = log.request(VERIFY_ALL, "ops");
    Claim dead = log.claim("dead", Duration.ofSeconds(1)).orElseThrow();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      assertThat(finished(operation).attempts()).isEqualTo(2);
      replicator.operationWaits();
    }
    assertThat(log.renew(dead, Duration.ofSeconds(1), "still here")).isFalse();
  }

  @Test
  void operation_whoseProcessesKeepDying_isGivenUp() {
    Operation operation = log.request(VERIFY_ALL, "ops");
    for (int i = 0; i < 5; i++) {
      assertThat(log.claim("dead", Duration.ofMillis(-1))).isPresent();
    }
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.operationWaits();
      Operation ended = finished(operation);
      assertThat(ended.state()).isEqualTo(OperationState.FAILED);
      assertThat(ended.summary()).hasValueSatisfying(text -> assertThat(text).contains("given up"));
    }
  }

  @Test
  void retry_ofAFailedReplica_triesAtOnceWhateverItWaitsFor() throws Exception {
    Table table = lake.create("2");
    lake.append(table, "a");
    Path data = Path.of(table.location().substring("file:".length()) + "/data/a.parquet");
    Path away = folder.resolve("away");
    OperationRequest retry =
        new OperationRequest.Retry(
            new ReplicaTarget(
                Optional.empty(), Optional.of("eu"), Optional.of(TestingLake.EVENTS)));
    Files.move(data, away);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> failed().isPresent());
      // An attempt that is under way may still write its own time.
      TestingLake.await(
          () -> {
            lake.sql("update replica set next_attempt_at = timestamp '2999-01-01 00:00:00'");
            return lake.count(
                    "select count(*) from lease where owner is not null and resource like 'replica/%'")
                == 0;
          });
      Files.move(away, data);

      Operation operation = asked(replicator, retry);

      assertThat(operation.summary()).contains("1 replica is tried again now");
      lake.awaitCurrent(table);
      assertThat(failed()).isEmpty();
      assertThat(asked(replicator, retry).summary())
          .hasValueSatisfying(text -> assertThat(text).startsWith("nothing to retry"));
    }
  }

  private Optional<Replica> failed() {
    return lake.replicas()
        .byName("eu", TestingLake.EVENTS)
        .filter(replica -> replica.failure().isPresent());
  }
}
