package io.twinberg.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.replicator.verify.Violation.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestWriter;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every field of an entry counts, but for those that replication must change. */
class EntryComparisonTest {
  private static final int PATH = MetadataColumns.DELETE_FILE_PATH.fieldId();
  private static final String DATA = "s3://lake/t/data/a.parquet";

  private final Findings findings = new Findings(Progress.NONE);
  private final EntryComparison comparison = new EntryComparison(new PathPairs(), findings);

  private static Metrics metrics(String path) {
    ByteBuffer bound = ByteBuffer.wrap(path.getBytes(StandardCharsets.UTF_8));
    return new Metrics(
        7L,
        Map.of(PATH, 70L),
        Map.of(PATH, 7L),
        Map.of(PATH, 0L),
        Map.of(PATH, 0L),
        Map.of(PATH, bound, 3, ByteBuffer.wrap(new byte[] {1})),
        Map.of(PATH, bound, 3, ByteBuffer.wrap(new byte[] {2})));
  }

  private static GenericRecord dataEntry() throws IOException {
    InMemoryOutputFile out = new InMemoryOutputFile("mem:/d.avro");
    DataFile file =
        DataFiles.builder(PartitionSpec.unpartitioned())
            .withPath(DATA)
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(100)
            .withMetrics(metrics("x"))
            .withSplitOffsets(List.of(4L))
            .build();
    ManifestWriter<DataFile> writer =
        ManifestFiles.write(2, PartitionSpec.unpartitioned(), out, 5L);
    try (writer) {
      writer.existing(file, 4L, 3L, 2L);
    }
    return record(out);
  }

  private static GenericRecord deleteEntry(String file, String referenced) throws IOException {
    InMemoryOutputFile out = new InMemoryOutputFile("mem:/x.avro");
    DeleteFile delete =
        FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
            .ofPositionDeletes()
            .withPath(file)
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(100)
            .withMetrics(metrics(referenced))
            .withSplitOffsets(List.of(4L))
            .withReferencedDataFile(referenced)
            .build();
    ManifestWriter<DeleteFile> writer =
        ManifestFiles.writeDeleteManifest(2, PartitionSpec.unpartitioned(), out, 5L);
    try (writer) {
      writer.existing(delete, 4L, 3L, 2L);
    }
    return record(out);
  }

  private static GenericRecord record(InMemoryOutputFile file) throws IOException {
    try (AvroRecords records = AvroRecords.open(file.toInputFile())) {
      return records.next();
    }
  }

  private static GenericRecord copy(GenericRecord entry) {
    return GenericData.get().deepCopy(entry.getSchema(), entry);
  }

  /** The fields in which a change goes unnoticed. */
  private Set<String> unnoticed(GenericRecord original) {
    Set<String> unnoticed = new TreeSet<>();
    List<Schema.Field> fields = new ArrayList<>(original.getSchema().getFields());
    fields.removeIf(field -> field.name().equals("data_file"));
    for (Schema.Field field : fields) {
      GenericRecord changed = copy(original);
      change(changed, field, unnoticed, () -> comparison.same(original, changed, "e"));
    }
    for (Schema.Field field : EntryComparison.file(original).getSchema().getFields()) {
      GenericRecord changed = copy(original);
      change(
          EntryComparison.file(changed),
          field,
          unnoticed,
          () -> comparison.same(original, changed, "e"));
    }
    return unnoticed;
  }

  private interface Same {
    boolean ask();
  }

  private static void change(
      GenericRecord row, Schema.Field field, Set<String> unnoticed, Same same) {
    @Nullable Object other = other(row.get(field.pos()));
    if (other != null) {
      row.put(field.pos(), other);
      if (same.ask()) {
        unnoticed.add(field.name());
      }
    }
  }

  private static @Nullable Object other(@Nullable Object value) {
    if (value instanceof Long number) {
      return number + 1;
    }
    if (value instanceof Integer number) {
      return number + 1;
    }
    if (value instanceof CharSequence) {
      return "another";
    }
    return value instanceof List<?> list ? new ArrayList<>(list.subList(1, list.size())) : null;
  }

  @Test
  void dataEntry_anyFieldButThePath_counts() throws IOException {
    GenericRecord entry = dataEntry();
    assertThat(comparison.same(entry, copy(entry), "e")).isTrue();
    assertThat(unnoticed(entry)).containsExactly("file_path");
  }

  @Test
  void deleteEntry_anyFieldButPathsAndSizes_counts() throws IOException {
    Set<String> unnoticed = unnoticed(deleteEntry("s3://lake/t/d.parquet", DATA));
    // Of these, one bound may be left out and the other not; see the next test.
    unnoticed.removeAll(Set.of("lower_bounds", "upper_bounds"));
    assertThat(unnoticed)
        .containsExactly(
            "column_sizes",
            "file_path",
            "file_size_in_bytes",
            "referenced_data_file",
            "split_offsets");
  }

  @Test
  void deleteEntry_boundsOfOtherColumns_count() throws IOException {
    GenericRecord entry = deleteEntry("s3://lake/t/d.parquet", DATA);
    assertThat(changedBound(entry, 3)).isFalse();
    assertThat(changedBound(entry, PATH)).isTrue();
  }

  private boolean changedBound(GenericRecord entry, int column) {
    GenericRecord changed = copy(entry);
    Consumer<Object> change =
        item -> {
          GenericRecord bound = (GenericRecord) item;
          if (bound.get("key").equals(column)) {
            bound.put("value", ByteBuffer.wrap(new byte[] {9}));
          }
        };
    ((List<?>) EntryComparison.file(changed).get("lower_bounds")).forEach(change);
    return comparison.same(entry, changed, "e");
  }

  @Test
  void deleteEntry_forAnotherFileThanTheDataEntrys_isFound() throws IOException {
    GenericRecord data = dataEntry();
    GenericRecord dataCopy = copy(data);
    EntryComparison.file(dataCopy).put("file_path", "s3://eu/t/data/a.parquet");
    GenericRecord delete = deleteEntry("s3://lake/t/d.parquet", DATA);
    comparison.same(data, dataCopy, "data");

    comparison.same(
        delete, deleteEntry("s3://eu/t/d.parquet", "s3://eu/t/data/a.parquet"), "right");
    assertThat(findings.report(TestSubjects.NONE).violations()).isEmpty();

    // As RewriteTablePathUtil leaves it for position deletes of v2: the source's path.
    comparison.same(delete, deleteEntry("s3://eu/t/d.parquet", DATA), "wrong");
    assertThat(findings.report(TestSubjects.NONE).violations())
        .extracting(Violation::kind)
        .contains(Kind.PATHS_DISAGREE);
  }
}
