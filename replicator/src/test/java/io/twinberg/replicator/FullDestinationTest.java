package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.testing.SmallDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A destination of local files on a disk that is full for a while. */
class FullDestinationTest {
  @TempDir Path folder;
  private SmallDisk disk;
  private TestingLake lake;
  private Table table;

  @BeforeEach
  void open() {
    disk = SmallDisk.at(folder.resolve("replica"));
    lake = new TestingLake(folder);
    table = lake.create("2");
    lake.append(table, "a");
  }

  @AfterEach
  void close() {
    if (lake != null) {
      lake.close();
      disk.close();
    }
  }

  private List<Path> temporaries() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("replica"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().startsWith("."))
          .filter(file -> !file.toString().equals(disk.filler()))
          .toList();
    }
  }

  /** Full before the first data file, amid them, and when metadata is written. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2, 4, 6})
  void fullDisk_replica_saysSoAndGoesOnByItselfOnceThereIsRoom(int pages) throws IOException {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      disk.fillBut(pages);
      lake.append(table, "b", "c", "d", "e");
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().attempts() >= 2);

      ReplicaFailure failure = lake.replica().failure().orElseThrow();
      assertThat(failure.code()).isEqualTo("DESTINATION_UNAVAILABLE");
      assertThat(failure.message()).contains("No space left on device", lake.root());
      assertThat(failure.needsPerson()).isFalse();
      ReplicaChecks.assertWhole(lake, lake.published());
      assertThat(lake.published().snapshots()).hasSize(1);
      assertThat(halfFiles()).isEmpty();

      disk.makeRoom();
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
    assertThat(lake.replica().failure()).isEmpty();
    assertThat(temporaries()).isEmpty();
  }

  /** Data files under their final names that are not their sources' bytes. */
  private List<Path> halfFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("replica"))) {
      return files
          .filter(file -> file.toString().contains("/data/"))
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .filter(file -> !isWhole(file))
          .toList();
    }
  }

  private boolean isWhole(Path file) {
    try {
      String name = file.getFileName().toString().replace(".parquet", "");
      return Files.readString(file).equals("rows of " + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
