package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadata.MetadataLogEntry;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.awaitility.core.ThrowingRunnable;

/** What the source has, with which log and replica have to agree. */
final class SourceTruth {
  private static final Duration CAUGHT_UP = Duration.ofMinutes(3);

  private final UpstreamWorld world;

  SourceTruth(UpstreamWorld world) {
    this.world = world;
  }

  /** The snapshots of a table, oldest first. */
  List<Long> snapshots(TableIdentifier name) {
    return StreamSupport.stream(table(name).snapshots().spliterator(), false)
        .map(Snapshot::snapshotId)
        .toList();
  }

  /** The metadata files of a table, oldest first. */
  List<String> chain(TableIdentifier name) {
    TableMetadata current = ((BaseTable) table(name)).operations().current();
    List<String> chain =
        new ArrayList<>(current.previousFiles().stream().map(MetadataLogEntry::file).toList());
    chain.add(current.metadataFileLocation());
    return chain;
  }

  private Table table(TableIdentifier name) {
    return world.catalog().loadTable(name);
  }

  /** Waits until the replica of a table shows the source's current version. */
  void awaitReplica(TableIdentifier name) {
    eventually(
        () ->
            assertThat(world.log().shown(name))
                .as(name + " at the destination")
                .containsExactly(world.catalog().metadataLocation(name).orElseThrow()));
  }

  /** Waits until something holds; what is there already costs no time. */
  static void eventually(ThrowingRunnable assertion) {
    await()
        .dontCatchUncaughtExceptions()
        .atMost(CAUGHT_UP)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(assertion);
  }

  /**
   * The log has the source's chain from its first version on, in its order, each version once, and
   * no gap; every file of the table is there; the replica shows the same.
   */
  void assertCaptured(TableIdentifier name) {
    awaitReplica(name);
    List<String> chain = chain(name);
    List<String> logged = world.log().versions(name);
    assertThat(logged)
        .as("log of " + name)
        .isEqualTo(chain.subList(chain.indexOf(logged.get(0)), chain.size()));
    assertThat(world.log().strings("select reason from gap")).isEmpty();
    Table source = table(name);
    // Readers are shown a version a moment after the database has it.
    eventually(
        () ->
            assertThat(world.replicas().loadTable(name).snapshots())
                .extracting(Snapshot::snapshotId)
                .containsExactlyElementsOf(snapshots(name)));
    Table replica = world.replicas().loadTable(name);
    assertThat(replica.uuid()).isEqualTo(source.uuid());
    source
        .snapshots()
        .forEach(
            snapshot -> assertThat(files(replica, snapshot)).isEqualTo(files(source, snapshot)));
  }

  /** The names of a snapshot's files, each of which is there with its length. */
  private static List<String> files(Table table, Snapshot snapshot) {
    List<String> names = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
      for (FileScanTask task : tasks) {
        String location = task.file().location();
        assertThat(table.io().newInputFile(location).getLength())
            .as(location)
            .isEqualTo(task.file().fileSizeInBytes());
        names.add(location.substring(location.lastIndexOf('/') + 1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names.stream().sorted().toList();
  }
}
