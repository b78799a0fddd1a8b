package io.twinberg.replicator.histories;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
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
  private static final Pattern ATTEMPT = Pattern.compile("-[0-9]+-[0-9a-f-]{36}(?=[.][a-z]+$)");

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
    eachFile(metadata, snapshot, io, (file, spec) -> files.add(describe(file, spec, paths)));
    return files.stream().sorted().toList();
  }

  private static String describe(
      ContentFile<?> file, PartitionSpec spec, UnaryOperator<String> paths) {
    String path = paths.apply(file.location());
    // A rewritten file of deletes bears its attempt's name, and its size is its own.
    return String.join(
        " ",
        rewritten(file) ? ATTEMPT.matcher(path).replaceFirst("") : path,
        file.content().toString(),
        "size " + (rewritten(file) ? "" : file.fileSizeInBytes()),
        "rows " + file.recordCount(),
        "sequence " + file.dataSequenceNumber() + "/" + file.fileSequenceNumber(),
        "row id " + file.firstRowId(),
        "equality " + file.equalityFieldIds(),
        file instanceof DeleteFile delete ? vector(delete, paths) : "",
        "spec " + spec.fields().stream().map(Objects::toString).toList(),
        "partition " + spec.partitionToPath(file.partition()));
  }

  private static String vector(DeleteFile file, UnaryOperator<String> paths) {
    String referenced = file.referencedDataFile();
    return (referenced == null ? "" : paths.apply(referenced))
        + " "
        + file.contentOffset()
        + " "
        + file.contentSizeInBytes();
  }

  /** The paths of a snapshot's live files, with their recorded sizes. */
  static Map<String, Long> sizes(TableMetadata metadata, Snapshot snapshot, FileIO io) {
    Map<String, Long> sizes = new HashMap<>();
    eachFile(
        metadata, snapshot, io, (file, spec) -> sizes.put(file.location(), file.fileSizeInBytes()));
    return sizes;
  }

  private static void eachFile(
      TableMetadata metadata,
      Snapshot snapshot,
      FileIO io,
      BiConsumer<ContentFile<?>, PartitionSpec> action) {
    for (ManifestFile manifest : snapshot.allManifests(io)) {
      PartitionSpec spec = metadata.specsById().get(manifest.partitionSpecId());
      try (CloseableIterable<? extends ContentFile<?>> entries =
          manifest.content() == ManifestContent.DATA
              ? ManifestFiles.read(manifest, io, metadata.specsById())
              : ManifestFiles.readDeleteManifest(manifest, io, metadata.specsById())) {
        entries.forEach(file -> action.accept(file, spec));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static boolean rewritten(ContentFile<?> file) {
    return file.content() == FileContent.POSITION_DELETES;
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
