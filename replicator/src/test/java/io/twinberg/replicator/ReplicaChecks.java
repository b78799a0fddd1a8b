package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.audit.AuditFilter;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditLog;
import io.twinberg.audit.AuditScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/** Reads a replica as an engine would and compares it with what was written at the source. */
final class ReplicaChecks {
  private ReplicaChecks() {}

  /** Every file that the metadata reaches is there, in the folder, whole, with its own bytes. */
  static void assertWhole(TestingLake lake, TableMetadata replica) {
    for (Snapshot snapshot : replica.snapshots()) {
      for (ManifestFile manifest : snapshot.allManifests(lake.io())) {
        assertThat(manifest.path()).startsWith(replica.location() + "/");
        assertThat(lake.io().newInputFile(manifest.path()).getLength())
            .isEqualTo(manifest.length());
      }
      live(lake, replica, snapshot).forEach(file -> assertFile(lake, replica, file));
    }
  }

  private static void assertFile(TestingLake lake, TableMetadata replica, LiveFile file) {
    assertThat(file.location()).startsWith(replica.location() + "/");
    assertThat(read(lake, file.location()))
        .isEqualTo("rows of " + file.name())
        .hasSize((int) file.length());
  }

  /** The replica is whole and shows the source's current version. */
  static void assertEqual(TestingLake lake, Table table, TableMetadata replica) {
    table.refresh();
    TableMetadata source = TestingLake.current(table);
    assertWhole(lake, replica);
    assertThat(replica.uuid()).isEqualTo(source.uuid());
    assertThat(replica.refs()).isEqualTo(source.refs());
    assertThat(replica.lastSequenceNumber()).isEqualTo(source.lastSequenceNumber());
    assertThat(replica.lastUpdatedMillis()).isEqualTo(source.lastUpdatedMillis());
    assertThat(replica.schema().asStruct()).isEqualTo(source.schema().asStruct());
    for (Snapshot snapshot : source.snapshots()) {
      Snapshot copy = replica.snapshot(snapshot.snapshotId());
      assertThat(copy.sequenceNumber()).isEqualTo(snapshot.sequenceNumber());
      assertThat(copy.timestampMillis()).isEqualTo(snapshot.timestampMillis());
      assertThat(copy.parentId()).isEqualTo(snapshot.parentId());
      assertThat(copy.summary()).isEqualTo(snapshot.summary());
      assertThat(names(lake, replica, copy)).isEqualTo(names(lake, source, snapshot));
    }
  }

  /** Whatever crashed in between, the audit has each publication once, and no other. */
  static void assertAudited(TestingLake lake) {
    List<String> published =
        lake.strings("select concat(replica_id, '/', generation) from receipt").stream()
            .sorted()
            .toList();
    AuditFilter versions =
        new AuditFilter(
            AuditScope.ANY,
            Optional.empty(),
            Optional.of(AuditKind.VERSION),
            Optional.empty(),
            Optional.empty());
    assertThat(
            new AuditLog(lake.database(), Clock.systemUTC())
                .oldest(versions, Optional.empty(), AuditLog.MAX_PAGE_SIZE).stream()
                    .map(entry -> entry.event().details())
                    .map(
                        details ->
                            details.path("replicaId").asText()
                                + "/"
                                + details.path("generation").asText())
                    .sorted())
        .isNotEmpty()
        .containsExactlyElementsOf(published);
  }

  /** The names of the live files of a snapshot, sorted. */
  static List<String> names(TestingLake lake, TableMetadata metadata, Snapshot snapshot) {
    return live(lake, metadata, snapshot).stream().map(LiveFile::name).sorted().toList();
  }

  /** The paths of the live files of a snapshot. */
  static List<String> locations(TestingLake lake, TableMetadata metadata, Snapshot snapshot) {
    return live(lake, metadata, snapshot).stream().map(LiveFile::location).toList();
  }

  /** Every file that metadata names, itself and those before it included. */
  static Set<String> named(TestingLake lake, TableMetadata metadata) {
    Set<String> named = new HashSet<>();
    named.add(metadata.metadataFileLocation());
    metadata.previousFiles().forEach(previous -> named.add(previous.file()));
    for (Snapshot snapshot : metadata.snapshots()) {
      named.add(snapshot.manifestListLocation());
      snapshot.allManifests(lake.io()).forEach(manifest -> named.add(manifest.path()));
      named.addAll(locations(lake, metadata, snapshot));
    }
    return named;
  }

  private record LiveFile(String location, long length) {
    String name() {
      return location.substring(location.lastIndexOf('/') + 1).replace(".parquet", "");
    }
  }

  private static List<LiveFile> live(TestingLake lake, TableMetadata metadata, Snapshot snapshot) {
    return snapshot.dataManifests(lake.io()).stream()
        .flatMap(
            manifest ->
                StreamSupport.stream(
                    ManifestFiles.read(manifest, lake.io(), metadata.specsById()).spliterator(),
                    false))
        .map(file -> new LiveFile(file.location(), file.fileSizeInBytes()))
        .toList();
  }

  private static String read(TestingLake lake, String location) {
    try (var in = lake.io().newInputFile(location).newStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
