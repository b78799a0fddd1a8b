package io.twinberg.it.lag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.lag.Appender.Prepared;
import io.twinberg.testing.S3Requests.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one small append may cost at the stores. */
class RequestBudgetIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private TwoStores stores;
  private Appender local;
  private Appender replicated;
  private ReplicaReader reader;

  @BeforeEach
  void replicateTwoAppends() throws Exception {
    stores = new TwoStores(folder);
    local = appender("local_orders");
    replicated = appender("orders");
    reader = new ReplicaReader(stores.catalog("replica"), "orders");
    for (int i = 0; i < 2; i++) {
      local.prepare().commit();
      awaitPointer(
          reader.awaitSnapshot(replicated.prepare().commit().snapshotId()).metadataLocation());
    }
    awaitNamespacePointer();
  }

  private Appender appender(String table) {
    return new Appender(stores.catalog("main"), stores.source().properties(), table);
  }

  @AfterEach
  void close() {
    local.close();
    replicated.close();
    stores.close();
  }

  @Test
  void append_ofOneFile_takesTheRequestsOfTheBudget() throws Exception {
    Prepared unreplicated = local.prepare();
    Prepared append = replicated.prepare();
    stores.source().requests().reset();
    stores.destination().requests().reset();

    unreplicated.commit();
    Map<Kind, Integer> commitAlone = stores.source().requests().counts();
    stores.source().requests().reset();
    Snapshot snapshot = append.commit();
    awaitPointer(reader.awaitSnapshot(snapshot.snapshotId()).metadataLocation());

    // Manifest list, manifest and data file are read, each once.
    Map<Kind, Integer> expected = new TreeMap<>(commitAlone);
    expected.merge(Kind.GET, 3, Integer::sum);
    assertThat(stores.source().requests().counts()).isEqualTo(expected);
    // Data file, manifest, list, metadata, pointer object; nobody reads anything back.
    assertThat(stores.destination().requests().counts()).isEqualTo(Map.of(Kind.PUT, 5));
  }

  @Test
  void append_ofOneFile_waitsForAtMostSixRequestsInSequence() throws Exception {
    Duration latency = Duration.ofSeconds(2);
    Prepared append = replicated.prepare();
    stores.source().requests().latency(latency);
    stores.destination().requests().latency(latency);

    Snapshot snapshot = append.commit();
    long answered = System.nanoTime();
    reader.awaitSnapshot(snapshot.snapshotId());

    Duration lag = Duration.ofNanos(System.nanoTime() - answered);
    System.out.printf("%.2f requests in sequence%n", (double) lag.toMillis() / latency.toMillis());
    assertThat(lag).isLessThan(latency.multipliedBy(6));
  }

  /** The pointer object comes last and off the critical path; with it the counts are complete. */
  private void awaitPointer(String metadataLocation) {
    String file = metadataLocation.substring(metadataLocation.lastIndexOf('/') + 1);
    long generation = Long.parseLong(file.substring(0, file.indexOf('-')));
    Path pointers =
        folder.resolve(
            "destination/"
                + metadataLocation.substring("s3://".length(), metadataLocation.lastIndexOf('/'))
                + "/pointer");
    await()
        .atMost(PATIENCE)
        .until(() -> pointers.resolve("%020d.json".formatted(generation)).toFile().exists());
  }

  /** It is written once, a second after the start, whatever is measured by then. */
  private void awaitNamespacePointer() {
    await().atMost(PATIENCE).ignoreExceptions().until(this::hasNamespacePointer);
  }

  private boolean hasNamespacePointer() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("destination"))) {
      return files.anyMatch(
          file -> file.toString().matches(".*/namespace-[^/]*/metadata/pointer/[0-9]{20}\\.json"));
    }
  }
}
