package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.files.VendedFiles;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.testing.S3Server;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source is replicated with nothing but what its catalog vends: Twinberg has no keys of its own
 * for reading.
 */
class VendedSourceTest {
  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
  private S3Server server;
  private TestingLake lake;
  private VendingCatalog catalog;
  private VendedFiles files;
  private Table table;

  @BeforeEach
  void open() throws Exception {
    server = S3Server.start(Files.createDirectory(folder.resolve("s3")), "writer", "writer-secret");
    server.createBucket("lake");
    server.createBucket("replicas");
    lake = TestingLake.onS3(folder, "s3://lake/wh", "s3://replicas/eu", server.properties());
    catalog = new VendingCatalog(CatalogSourceReader.of(lake.catalog()), server, clock);
    Map<String, String> keyless = new HashMap<>(server.properties());
    keyless.keySet().removeIf(key -> key.contains("key"));
    files = new VendedFiles("main", catalog, keyless, clock);
    lake.reader(files.watching(catalog));
    lake.files(files);
    table = lake.create("2");
    lake.append(table, "a");
  }

  @AfterEach
  void close() {
    files.close();
    lake.close();
    server.close();
  }

  private void assertReplicates(Replicator replicator) {
    ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
  }

  @Test
  void keys_expire_othersAreFetchedInTime() {
    catalog.vend("k1", Optional.of(Duration.ofHours(1)));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      assertReplicates(replicator);
      assertThat(catalog.asked()).isEqualTo(1);
      lake.append(table, "b");
      assertReplicates(replicator);
      assertThat(catalog.asked()).isEqualTo(1);
      catalog.vend("k2", Optional.of(Duration.ofHours(1)));
      clock.step(Duration.ofHours(2));
      server.revokeKeys("k1");
      // Several at once: the reconciler reads what lies between, too.
      lake.append(table, "c");
      lake.append(table, "d");
      assertReplicates(replicator);
      assertThat(catalog.asked()).isEqualTo(2);
      assertThat(lake.replica().attempts()).isZero();
    }
    assertNothingStored();
  }

  @Test
  void keys_revoked_othersAreFetchedWithoutAFailure() {
    catalog.vend("k1", Optional.empty());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      assertReplicates(replicator);
      clock.step(Duration.ofMinutes(1));
      server.revokeKeys("k1");
      catalog.vend("k2", Optional.empty());
      lake.append(table, "b");
      assertReplicates(replicator);
      assertThat(catalog.asked()).isEqualTo(2);
    }
  }

  @Test
  void keys_thatComeWithLoads_areUsed() {
    catalog.vend("k1", Optional.empty());
    catalog.vendWithLoads();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      assertReplicates(replicator);
      server.revokeKeys("k1");
      catalog.vend("k2", Optional.empty());
      lake.append(table, "b");
      assertReplicates(replicator);
    }
    assertThat(catalog.asked()).isZero();
    assertNothingStored();
  }

  @Test
  void keys_revokedWithoutOthers_isDeniedUntilThereAreSome() {
    catalog.vend("k1", Optional.empty());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      assertReplicates(replicator);
      server.revokeKeys("k1");
      lake.append(table, "b");
      replicator.demand("main");
      assertThat(awaitFailure().code()).isEqualTo("SOURCE_DENIED");
      catalog.vend("k2", Optional.empty());
      clock.step(Duration.ofMinutes(1));
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
  }

  @Test
  void keys_none_saysTheWayOutAndGoesOnOnceThereAreSome() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      ReplicaFailure failure = awaitFailure();
      assertThat(failure.code()).isEqualTo("CREDENTIALS_NOT_VENDED");
      assertThat(failure.needsPerson()).isTrue();
      assertThat(failure.message())
          .contains("source main", "sales.events", "'credentials: static'");
      assertThat(failure.file()).hasValueSatisfying(file -> assertThat(file).startsWith("s3://"));
      assertThat(catalog.asked()).as("asked in vain once within the pause").isEqualTo(1);
      catalog.vend("k1", Optional.empty());
      clock.step(Duration.ofSeconds(3));
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
  }

  private ReplicaFailure awaitFailure() {
    TestingLake.await(
        () ->
            lake.replicas().byName("eu", TestingLake.EVENTS).flatMap(Replica::failure).isPresent());
    return lake.replica().failure().orElseThrow();
  }

  /** Nothing that was vended is in the database. */
  private void assertNothingStored() {
    assertThat(lake.strings("script"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).doesNotContain("hushed").doesNotContain("access-key"));
  }
}
