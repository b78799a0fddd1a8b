package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.ProgressRows;
import io.twinberg.replica.ReplicaProgress;
import io.twinberg.replicator.MergeOnRead.Deleted;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a version is that takes long, as the database tells it while it is being applied. */
class ProgressTest {
  private static final int FILES = 20;
  private static final int COPIED = 7;

  @TempDir private Path folder;
  private final CountDownLatch release = new CountDownLatch(1);
  private TestingLake lake;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
  }

  @AfterEach
  void close() {
    release.countDown();
    lake.close();
  }

  private void hold(Predicate<HookedStore.Call> held) {
    HookedStore store = new HookedStore(lake.store());
    store.hook(
        call -> {
          if (held.test(call)) {
            awaitRelease();
          }
        });
    lake.stores(lake.store(), store);
  }

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Optional<ReplicaProgress> progress() {
    List<String> ids = lake.strings("select id from replica");
    return new ProgressRows(lake.database()).of(ids).values().stream().findAny();
  }

  private ReplicaProgress await(Predicate<ReplicaProgress> wanted) {
    TestingLake.await(() -> progress().filter(wanted).isPresent());
    return progress().orElseThrow();
  }

  private static long bytes(Table table, String field) {
    return Long.parseLong(table.currentSnapshot().summary().get(field));
  }

  @Test
  void longCopy_tellsHowFarItIs_andNothingWhenItIsDone() {
    AtomicInteger copies = new AtomicInteger();
    hold(call -> call.kind().equals("COPY") && copies.incrementAndGet() > COPIED);
    Table table = lake.create("2");
    lake.append(table, IntStream.range(0, FILES).mapToObj(i -> "f" + i).toArray(String[]::new));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      ReplicaProgress reached = await(progress -> progress.filesDone() == COPIED);

      assertThat(reached.filesTotal()).hasValue(FILES);
      assertThat(reached.snapshotsTotal()).isEqualTo(1);
      assertThat(reached.bytesTotal()).hasValue(bytes(table, "total-files-size"));
      assertThat(reached.bytesDone()).isPositive().isLessThan(reached.bytesTotal().getAsLong());
      assertThat(reached.bytesPerSecond()).isPositive();
      assertThat(reached.estimatedEnd())
          .hasValueSatisfying(end -> assertThat(end).isAfter(reached.updatedAt()));
      release.countDown();
      lake.awaitCurrent(table);
      TestingLake.await(() -> lake.count("select count(*) from replica_progress") == 0);
    }
  }

  @Test
  void copyOfDataAndDeletes_isAtItsTotalsInTheEnd() {
    hold(call -> call.kind().equals("PUT") && call.location().endsWith(".metadata.json"));
    Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
    MergeOnRead rows = new MergeOnRead(table);
    DataFile first = rows.append("a", 0, 9);
    DataFile second = rows.append("b", 10, 19);
    rows.delete(
        rows.positions(
            FileFormat.PARQUET, "p", false, new Deleted(first, 1, 2), new Deleted(second, 3)),
        rows.ids("e", 15));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      ReplicaProgress reached = await(progress -> progress.filesDone() == 4);

      assertThat(reached.filesTotal()).hasValue(4);
      assertThat(OptionalLong.of(reached.bytesDone())).isEqualTo(reached.bytesTotal());
      assertThat(reached.bytesDone()).isEqualTo(bytes(table, "total-files-size"));
      release.countDown();
      lake.awaitCurrent(table);
    }
  }

  @Test
  void followingAppend_countsOnlyWhatItAdds() {
    AtomicInteger copies = new AtomicInteger();
    hold(call -> call.kind().equals("COPY") && copies.incrementAndGet() > COPIED);
    Table table = lake.create("2");
    lake.append(table, "a", "b", "c");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      lake.append(table, IntStream.range(0, FILES).mapToObj(i -> "g" + i).toArray(String[]::new));
      replicator.demand("main");

      ReplicaProgress reached = await(progress -> progress.filesDone() == COPIED - 3);

      assertThat(reached.filesTotal()).hasValue(FILES);
      assertThat(reached.bytesTotal()).hasValue(bytes(table, "added-files-size"));
      release.countDown();
      lake.awaitCurrent(table);
    }
  }

  /** Of a merged manifest most is there already. */
  @Test
  void appendThatMergesManifests_announcesOnlyWhatItAdds() {
    AtomicInteger copies = new AtomicInteger();
    hold(call -> call.kind().equals("COPY") && copies.incrementAndGet() > COPIED);
    Table table = lake.create("2");
    table.updateProperties().set("commit.manifest.min-count-to-merge", "1").commit();
    lake.append(table, "a", "b", "c");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      lake.append(table, IntStream.range(0, FILES).mapToObj(i -> "g" + i).toArray(String[]::new));
      assertThat(table.currentSnapshot().allManifests(table.io())).hasSize(1);
      replicator.demand("main");

      ReplicaProgress reached = await(progress -> progress.filesDone() == COPIED);

      assertThat(reached.filesTotal()).hasValue(FILES + 3);
      assertThat(reached.bytesTotal()).hasValue(bytes(table, "added-files-size"));
      release.countDown();
      lake.awaitCurrent(table);
    }
  }
}
