package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.DataSize;
import io.twinberg.config.RefSelection;
import io.twinberg.config.RuleOverrides;
import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.OperationState;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.storage.Throttle;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica whose rule limits it is written slowly, and nobody else waits for it. */
@Timeout(180)
class ThrottleTest {
  private static final int LIMIT = 64 << 10;

  /** Four minutes of writing, which is longer than anything here waits. */
  private static final int LONG = 16 << 20;

  /** More than there are threads for all replicas together. */
  private static final int MANY = 40;

  private static final ReplicaSettings LIMITED =
      new ReplicaSettings(
          Optional.empty(),
          new RefSelection.All(),
          RuleOverrides.USUAL_PRIORITY,
          Optional.of(new DataSize(LIMIT)));

  @TempDir private Path folder;
  private final Map<TableIdentifier, ReplicaSettings> settings = new ConcurrentHashMap<>();
  private TestingLake lake;
  private HookedStore source;
  private HookedStore destination;
  private Table events;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    source = new HookedStore(lake.store());
    destination = new HookedStore(lake.store());
    lake.stores(source, destination);
    lake.targets(
        (main, name) ->
            List.of(
                new Target(
                    "eu",
                    lake.root(),
                    false,
                    settings.getOrDefault(name, ReplicaSettings.NONE),
                    name)));
    events = lake.create("2");
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private static TableIdentifier bulk(int number) {
    return TableIdentifier.of("sales", "bulk" + number);
  }

  private Table limited(TableIdentifier name, int files, int bytes) {
    settings.put(name, LIMITED);
    return withFiles(name, files, bytes);
  }

  private Table withFiles(TableIdentifier name, int files, int bytes) {
    Table table = lake.create(name, "2", Map.of());
    AppendFiles append = table.newAppend();
    IntStream.range(0, files)
        .mapToObj(i -> file(table, "f" + i, bytes))
        .forEach(append::appendFile);
    append.commit();
    return table;
  }

  private static DataFile file(Table table, String name, int bytes) {
    String path = table.location() + "/data/" + name + ".parquet";
    Path at = Path.of(path.substring("file:".length()));
    try {
      Files.createDirectories(at.getParent());
      try (RandomAccessFile file = new RandomAccessFile(at.toFile(), "rw")) {
        file.setLength(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DataFiles.builder(table.spec())
        .withPath(path)
        .withFormat("parquet")
        .withFileSizeInBytes(bytes)
        .withRecordCount(3)
        .build();
  }

  private boolean published(TableIdentifier name) {
    return lake.replica(name).metadataLocation().isPresent();
  }

  /** How often somebody has begun to work on a replica. */
  private long claims(TableIdentifier name) {
    return lake.count(
        "select coalesce(max(l.token), 0) from lease l join replica r on l.resource = 'replica/' || r.id"
            + " where r.name = '%s'".formatted(name.name()));
  }

  /** A manifest is written before the files under it wait for their turn. */
  private void awaitUnderWay(TableIdentifier name) {
    TestingLake.await(
        () ->
            destination.calls("PUT").stream()
                .anyMatch(call -> call.location().contains("/" + name.name() + "-")));
  }

  @Test
  void limitedReplica_takesAsLongAsItsBytes() {
    Table table = limited(bulk(1), 4, LIMIT);
    long start = System.nanoTime();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
    }
    assertThat(destination.calls("COPY")).hasSize(4);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(3900));
  }

  @Test
  void limitedBackfill_underWay_leavesTheThreadsOfAllToOthers() {
    limited(bulk(1), MANY, LONG);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      awaitUnderWay(bulk(1));

      for (String name : List.of("a", "b", "c")) {
        lake.append(events, name);
        ReplicaChecks.assertEqual(lake, events, lake.sync(replicator, events));
      }

      assertThat(published(bulk(1))).isFalse();
      assertThat(lake.replica(bulk(1)).failure()).isEmpty();
    }
  }

  @Test
  void limitedReplicas_moreThanThereAreLanes_leaveHalfOfThemToOthers() {
    List<TableIdentifier> all = IntStream.range(0, 6).mapToObj(ThrottleTest::bulk).toList();
    all.forEach(name -> limited(name, 1, LONG));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> all.stream().filter(name -> claims(name) > 0).count() == 2);

      lake.append(events, "a");
      ReplicaChecks.assertEqual(lake, events, lake.sync(replicator, events));

      assertThat(all).noneMatch(this::published);
      assertThat(all.stream().filter(name -> claims(name) > 0)).as("that got a lane").hasSize(2);
    }
  }

  @Test
  void limitedReplica_paused_stopsAmidAFile() {
    limited(bulk(1), 1, LONG);
    OperationLog log = new OperationLog(lake.database(), Clock.systemUTC());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      awaitUnderWay(bulk(1));

      Operation pause = log.request(new OperationRequest.Pause(ReplicaTarget.ALL), "ops");
      replicator.operationWaits();
      TestingLake.await(() -> log.find(pause.id()).orElseThrow().state().finished());

      assertThat(log.find(pause.id()).orElseThrow().state()).isEqualTo(OperationState.COMPLETED);
      assertThat(destination.calls("COPY")).isEmpty();
      assertThat(lake.replica(bulk(1)).failure()).as("a pause is no failure").isEmpty();
    }
  }

  @Test
  void shutdown_amidAThrottledFile_leavesNobodyWaiting() {
    limited(bulk(1), 1, LONG);
    Replicator replicator = lake.replicator(CrashPoints.NONE);
    awaitUnderWay(bulk(1));
    TestingLake.await(ThrottleTest::anybodyWaits);

    replicator.close();

    assertThat(lake.strings("select owner from lease where owner is not null")).isEmpty();
    assertThat(lake.replica(bulk(1)).failure()).isEmpty();
    TestingLake.await(() -> !anybodyWaits());
  }

  private static boolean anybodyWaits() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getClassName().equals(Throttle.class.getName()));
  }

  @Test
  void limit_liftedAmidAFile_holdsForTheRestOfIt() {
    Table table = limited(bulk(1), 1, LONG);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      awaitUnderWay(bulk(1));
      assertThat(published(bulk(1))).isFalse();

      settings.remove(bulk(1));
      replicator.demand("main");

      lake.awaitCurrent(table);
      assertThat(lake.replica(bulk(1)).settings().limited()).isFalse();
      assertThat(claims(bulk(1))).as("the first claim's").isEqualTo(1);
    }
  }

  @Test
  void limit_putOnACopyThatRuns_holdsAtOnceAndLeavesTheThreadsOfAll() {
    withFiles(bulk(1), 10 * MANY, LIMIT);
    destination.hook(call -> LockSupport.parkNanos(Duration.ofMillis(500).toNanos()));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> destination.calls("COPY").size() > 4);

      settings.put(bulk(1), LIMITED);
      replicator.demand("main");
      TestingLake.await(() -> claims(bulk(1)) == 2);
      destination.hook(call -> {});
      lake.append(events, "a");
      ReplicaChecks.assertEqual(lake, events, lake.sync(replicator, events));

      assertThat(published(bulk(1))).isFalse();
      assertThat(lake.replica(bulk(1)).failure()).as("a limit is no failure").isEmpty();
    }
  }
}
