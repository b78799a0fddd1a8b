package io.twinberg.replicator.histories;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;

/**
 * All that a reader can learn of one snapshot: its fields, its live files with numbers and
 * partitions, its schema, its rows.
 */
record Contents(List<String> fields, List<String> files, String schema, List<String> rows) {
  /**
   * Reads it.
   *
   * @param paths what becomes of the files' paths, so that both sides tell the same
   */
  static Contents of(
      TableMetadata metadata, long snapshotId, FileIO io, UnaryOperator<String> paths) {
    Snapshot snapshot = metadata.snapshot(snapshotId);
    return new Contents(
        fields(snapshot),
        files(metadata, snapshot, io, paths),
        String.valueOf(
            snapshot.schemaId() == null
                ? null
                : metadata.schemasById().get(snapshot.schemaId()).asStruct()),
        rows(metadata, snapshotId, io));
  }

  private static List<String> fields(Snapshot snapshot) {
    return List.of(
        "sequence number " + snapshot.sequenceNumber(),
        "parent " + snapshot.parentId(),
        "time " + snapshot.timestampMillis(),
        "summary " + snapshot.summary(),
        "operation " + snapshot.operation(),
        "first row id " + snapshot.firstRowId(),
        "added rows " + snapshot.addedRows());
  }

  private static List<String> files(
      TableMetadata metadata, Snapshot snapshot, FileIO io, UnaryOperator<String> paths) {
    List<String> files = new ArrayList<>();
    for (ManifestFile manifest : snapshot.allManifests(io)) {
      PartitionSpec spec = metadata.specsById().get(manifest.partitionSpecId());
      try (CloseableIterable<? extends ContentFile<?>> entries =
          manifest.content() == ManifestContent.DATA
              ? ManifestFiles.read(manifest, io, metadata.specsById())
              : ManifestFiles.readDeleteManifest(manifest, io, metadata.specsById())) {
        for (ContentFile<?> file : entries) {
          files.add(describe(file, spec, paths));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files.stream().sorted().toList();
  }

  private static String describe(
      ContentFile<?> file, PartitionSpec spec, UnaryOperator<String> paths) {
    return String.join(
        " ",
        paths.apply(file.location()),
        file.content().toString(),
        "size " + file.fileSizeInBytes(),
        "rows " + file.recordCount(),
        "sequence " + file.dataSequenceNumber() + "/" + file.fileSequenceNumber(),
        "row id " + file.firstRowId(),
        "spec " + spec.fields().stream().map(Objects::toString).toList(),
        "partition " + spec.partitionToPath(file.partition()));
  }

  private static List<String> rows(TableMetadata metadata, long snapshotId, FileIO io) {
    BaseTable table = new BaseTable(new StaticTableOperations(metadata, io), "read");
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(table).useSnapshot(snapshotId).build()) {
      List<String> rows = new ArrayList<>();
      records.forEach(record -> rows.add(record.toString()));
      return rows.stream().sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
