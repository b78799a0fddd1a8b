package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replicator.HookedStore.Call;
import io.twinberg.source.CatalogSourceReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long work keeps its lease, and ends at once when the process is told to end. */
class ShutdownTest {
  /** What hangs does so until the test ends it: any bound tells, this one on a busy machine too. */
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;
  private TestingLake lake;
  private HookedStore destination;
  private Table table;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    destination = new HookedStore(lake.store());
    lake.stores(lake.store(), destination);
    table = lake.create(TestingLake.EVENTS, "2", Map.of("commit.manifest-merge.enabled", "false"));
    for (int i = 0; i < 5; i++) {
      lake.append(table, "f" + i);
    }
  }

  @AfterEach
  void close() {
    goOn.countDown();
    lake.close();
  }

  /** A copy that hangs as a dead connection does: it heeds no interrupt. */
  private void hang(Call call) {
    if (call.kind().equals("COPY") && call.location().endsWith("/f3.parquet")) {
      hang();
    }
  }

  private void hang() {
    reached.countDown();
    boolean done = false;
    while (!done) {
      try {
        goOn.await();
        done = true;
      } catch (InterruptedException e) {
        // As said.
      }
    }
  }

  @Test
  void shutdown_inBackfillWithHangingStore_handsBackAndNextStartResumes() throws Exception {
    destination.hook(this::hang);
    Replicator replicator = lake.replicator(CrashPoints.NONE);
    reached.await();
    long started = System.nanoTime();
    replicator.close();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(SOON);
    assertThat(lake.strings("select owner from lease where owner is not null")).isEmpty();
    assertThat(lake.replica().failure()).isEmpty();
    assertThat(lake.count("select count(*) from ledger where state = 'STAGED'")).isEqualTo(3);

    goOn.countDown();
    destination.hook(call -> {});
    destination.forget();
    try (Replicator next = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
    assertThat(destination.calls("COPY"))
        .extracting(call -> call.location().replaceAll(".*/", ""))
        .containsExactlyInAnyOrder("f3.parquet", "f4.parquet");
  }

  /** Another process need not wait until the lease on the source has run out. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shutdown_whileTheSourceHangs_givesItsLeaseBackInTime(boolean postgres) throws Exception {
    if (postgres) {
      lake.usePostgres();
    }
    FaultyReader reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    reader.answerLoads(
        name -> {
          hang();
          return Optional.empty();
        });
    lake.reader(reader);
    Replicator replicator = lake.replicator(CrashPoints.NONE);
    reached.await();
    assertThat(lake.strings("select owner from lease where owner is not null")).hasSize(1);

    long started = System.nanoTime();
    replicator.close();

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(SOON);
    assertThat(lake.strings("select owner from lease where owner is not null")).isEmpty();

    reader.heal();
    try (Replicator next = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
      goOn.countDown();
    }
  }

  @Test
  void longCopy_beyondTheLease_keepsIt() throws Exception {
    lake.lease(Duration.ofSeconds(20));
    destination.hook(this::hang);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE);
        Replicator other = lake.replicator(CrashPoints.NONE)) {
      reached.await();
      String first =
          "select max(expires_at) from lease where resource like 'replica/%' and token = 1";
      String later =
          "select count(*) from lease where resource like 'replica/%' and token = 1 and expires_at >"
              + " timestamp with time zone '"
              + lake.strings(first).get(0)
              + "'";
      // Prolonged to a time that the first claim did not reach, and by then never taken over.
      TestingLake.await(() -> lake.count(later) == 1);
      goOn.countDown();
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
    assertThat(lake.count("select count(*) from receipt where token = 1")).isPositive();
    assertThat(lake.replica().failure()).isEmpty();
  }
}
