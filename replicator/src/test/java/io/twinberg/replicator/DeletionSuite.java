package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.Retention;
import io.twinberg.fault.CrashPoints;
import io.twinberg.storage.StoredObject;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A lake whose replicas keep few snapshots, on a clock that is stepped. */
abstract class DeletionSuite {
  static final Duration AGE = Duration.ofDays(10);
  static final Duration GRACE = Duration.ofHours(3);
  static final Duration INTERVAL = Duration.ofDays(30);

  @TempDir Path folder;
  final SteppedClock clock = new SteppedClock(Instant.now());
  TestingLake lake;
  HookedStore destination;
  Table table;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    destination = new HookedStore(lake.store());
    lake.stores(lake.store(), destination);
    lake.clock(clock);
    lake.retention(new Retention.Bounded(AGE, 1));
    lake.deletion(GRACE, INTERVAL);
    table = lake.create(TestingLake.EVENTS, "2", Map.of("commit.manifest-merge.enabled", "false"));
    lake.append(table, "a");
    lake.append(table, "b");
  }

  @AfterEach
  void close() {
    lake.close();
  }

  void catchUp() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertWhole(lake, lake.sync(replicator, table));
    }
  }

  /** The file of the first append is in no snapshot of the replica any more. */
  void dropFirstFile() {
    catchUp();
    table.newDelete().deleteFile(KnownFilesTest.file(table, "a")).commit();
    clock.step(AGE.plusHours(1));
    lake.append(table, "c");
    catchUp();
    assertThat(lake.published().snapshots()).hasSize(1);
  }

  void condemn() {
    clock.step(INTERVAL);
    awaitReminder(reminder -> condemned() > 0);
  }

  void awaitDeleted() {
    clock.step(GRACE);
    awaitReminder(reminder -> condemned() == 0);
  }

  /** Runs a replicator until nothing is due at once and the condition holds. */
  void awaitReminder(Predicate<TestingLake> condition) {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(
          () ->
              condition.test(lake)
                  && lake.count(
                          "select count(*) from replica_cleanup where due_at <= '%s'"
                              .formatted(clock.instant()))
                      == 0);
    }
  }

  long condemned() {
    return lake.count("select count(*) from condemned_file");
  }

  List<String> files(String below) {
    return lake.store().list(lake.replica().folder() + below).stream()
        .map(StoredObject::location)
        .toList();
  }

  /** The folder holds what Iceberg reaches from the metadata, one pointer object and no more. */
  void assertNothingElse() {
    ReplicaChecks.assertWhole(lake, lake.published());
    Set<String> named = ReplicaChecks.named(lake, lake.published());
    named.add(
        "%s/metadata/pointer/%020d.json"
            .formatted(lake.replica().folder(), lake.replica().generation()));
    assertThat(files("")).containsExactlyInAnyOrderElementsOf(named);
  }

  boolean hasDataFile(String name) {
    return files("/data").stream().anyMatch(file -> file.endsWith("/" + name + ".parquet"));
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
