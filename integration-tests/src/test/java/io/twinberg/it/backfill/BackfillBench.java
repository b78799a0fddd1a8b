package io.twinberg.it.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.Setup;
import io.twinberg.it.TableHistory;
import io.twinberg.it.TwinbergProcess;
import io.twinberg.it.engine.SparkCatalog;
import io.twinberg.it.engine.SparkProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long a large table takes until its replica is readable, in both ways of filling it and with a
 * heap of 512 MB, and one small commit after it; beside Spark's {@code rewrite_table_path} with a
 * parallel copy of its list, both in this run and between the same servers. Sizes are set by {@code
 * -Dmanifests=} and {@code -Dfiles=} (of each manifest). Each test has a destination of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackfillBench {
  private static final int MANIFESTS = Integer.getInteger("manifests", 1000);
  private static final int FILES = Integer.getInteger("files", 100);
  private static final int COMMITS = 5;

  /**
   * Whoever copies small files waits for the store and for the client library, and so do both: here
   * theirs spends nine tenths of its time on that. What can be asked is that ours hides all of its
   * other work behind the copying.
   */
  private static final double SLOWER_THAN_COPYING_ALONE = 1.4;

  private static final double COMMIT_GOAL = 10;
  private static final Duration LIMIT = Duration.ofMinutes(30);

  /** How many manifests may be under way when a process is killed. */
  private static final int UNDER_WAY = 16;

  @TempDir private static Path folder;

  private BackfillLake lake;

  @BeforeAll
  void createTable() {
    lake = new BackfillLake(folder);
    try (TwinbergProcess twinberg = lake.startWithoutReplicas();
        LargeTable table = table(twinberg)) {
      table.create(MANIFESTS, FILES);
    }
  }

  @AfterAll
  void close() {
    lake.close();
  }

  private LargeTable table(TwinbergProcess twinberg) {
    return new LargeTable(twinberg.catalog(Setup.SOURCE), lake.stores().source().properties());
  }

  @Test
  void backfillAndSmallCommit_againstRewriteTablePath_reachTheirGoals() {
    try (S3FileIO source = lake.sourceFiles();
        S3FileIO destination = lake.destinationFiles();
        TwinbergProcess twinberg = lake.start("timed", "ordered");
        LargeTable table = table(twinberg)) {
      double backfill = backfill("timed", "ordered", twinberg, table);
      SparkProcess spark = SparkProcess.shared();
      PeerCopy peer = new PeerCopy(spark, source, destination);
      spark.session(
          SparkCatalog.of("lake", twinberg.catalog(Setup.SOURCE))
              .withStorage(lake.stores().source().properties()));
      spark.rows("SELECT count(*) FROM lake.large.events.files"); // so that it is warm
      Backfill theirs = theirBackfill(peer, table);
      double commit = median(ourCommits(twinberg, table));
      double theirCommit = median(theirCommits(peer, table));
      System.out.printf(
          "rewrite_table_path %.1f s, then copying its list %.1f s, %.1f times ours in all%n"
              + "small commit: %.0f ms; theirs %.0f ms, %.1f times ours%n",
          theirs.seconds() - theirs.copySeconds(),
          theirs.copySeconds(),
          theirs.seconds() / backfill,
          commit * 1000,
          theirCommit * 1000,
          theirCommit / commit);
      assertThat(backfill / theirs.copySeconds())
          .as("backfill by copying alone")
          .isLessThan(SLOWER_THAN_COPYING_ALONE);
      assertThat(theirCommit / commit).as("small commit").isGreaterThan(COMMIT_GOAL);
    }
  }

  @Test
  void backfill_headsFirst_isReadableInASmallHeapToo() {
    try (TwinbergProcess twinberg = lake.start("heads", "heads-first");
        LargeTable table = table(twinberg)) {
      backfill("heads", "heads-first", twinberg, table);

      assertThat(lake.manifests("heads")).as("each once").isEqualTo(table.manifests());
    }
  }

  /** Seconds until the replica at a new destination is readable. */
  private static double backfill(
      String destination, String mode, TwinbergProcess twinberg, LargeTable table) {
    long start = System.nanoTime();
    table.touch();
    awaitReplica(twinberg, destination);
    double seconds = secondsSince(start);
    System.out.printf(
        "backfill %s of %d x %d files: readable after %.1f s, %.0f files/s, at most %d MB%n",
        mode, MANIFESTS, FILES, seconds, MANIFESTS * FILES / seconds, twinberg.peakMegabytes());
    return seconds;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ordered", "heads-first"})
  void backfill_killedHalfWay_goesOnWithoutCopyingFinishedManifestsAgain(String mode) {
    String destination = "killed-" + mode;
    int before = lake.written();
    try (TwinbergProcess first = lake.start(destination, mode);
        LargeTable table = table(first)) {
      table.touch();
      await("half of it")
          .atMost(LIMIT)
          .until(() -> lake.written() - before > MANIFESTS * FILES / 2);
      first.kill();
    }
    int killedAt = lake.written() - before;
    long wanted;
    try (TwinbergProcess second = lake.start(destination, mode);
        LargeTable table = table(second)) {
      awaitReplica(second, destination);
      wanted = table.manifests();
    }
    System.out.printf(
        "backfill %s killed after %d of %d files; %d manifests and lists at last for %d%n",
        mode, killedAt, MANIFESTS * FILES, lake.manifests(destination), wanted);
    assertThat(lake.manifests(destination)).isBetween(wanted, wanted + UNDER_WAY);
  }

  /** How long it took, and the copying alone. */
  private record Backfill(double seconds, double copySeconds) {}

  private static Backfill theirBackfill(PeerCopy peer, LargeTable table) {
    long start = System.nanoTime();
    PeerCopy.Copied copied = peer.copy(table.table().location());
    assertThat(copied.files()).isGreaterThanOrEqualTo(MANIFESTS * FILES);
    return new Backfill(secondsSince(start), copied.copyNanos() / 1e9);
  }

  private static List<Double> ourCommits(TwinbergProcess twinberg, LargeTable table) {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < COMMITS; i++) {
      table.append();
      long start = System.nanoTime();
      awaitReplica(twinberg, "timed");
      seconds.add(secondsSince(start));
    }
    return seconds;
  }

  private static List<Double> theirCommits(PeerCopy peer, LargeTable table) {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < COMMITS; i++) {
      Table before = table.table();
      String metadata = ((BaseTable) before).operations().current().metadataFileLocation();
      table.append();
      long start = System.nanoTime();
      peer.copySince(before.location(), metadata);
      seconds.add(secondsSince(start));
    }
    return seconds;
  }

  private static void awaitReplica(TwinbergProcess twinberg, String destination) {
    Optional<TableHistory> source =
        twinberg.source().history(BackfillLake.NAMESPACE, BackfillLake.TABLE);
    await("replica")
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                twinberg
                    .replicas(destination)
                    .history(BackfillLake.NAMESPACE, BackfillLake.TABLE)
                    .equals(source));
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
