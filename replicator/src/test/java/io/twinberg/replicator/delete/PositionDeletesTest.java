package io.twinberg.replicator.delete;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.replica.PathRange;
import io.twinberg.replicator.rewrite.PathMapping;
import io.twinberg.replicator.rewrite.RewrittenDelete;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import io.twinberg.storage.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Position delete files keep every row, with other paths, in the order that readers need. */
class PositionDeletesTest {
  private static final PathMapping ONE_PREFIX = path -> path.replace("s3://lake/", "s3://replica/");

  /** Two prefixes whose targets sort the other way round. */
  private static final PathMapping TURNED =
      path ->
          path.startsWith("s3://a/")
              ? "s3://z/" + path.substring(7)
              : "s3://m/" + path.substring(7);

  @TempDir Path folder;
  private final ObjectStore store = ObjectStores.from(Map.of());

  @AfterEach
  void close() {
    store.close();
  }

  static Stream<Arguments> formats() {
    return Stream.of("parquet", "avro", "orc")
        .flatMap(format -> Stream.of(Arguments.of(format, false), Arguments.of(format, true)));
  }

  private static RecordFormat format(String name) {
    return switch (name) {
      case "parquet" -> new ParquetRecords();
      case "avro" -> new AvroRecords();
      default -> new OrcRecords();
    };
  }

  private String source(String format, Schema schema, List<Record> rows) {
    Path file = folder.resolve("source." + format);
    String codec = format.equals("orc") ? "zlib" : "snappy";
    Deletes.write(format(format), file, new Layout(schema, codec), rows);
    return "file:" + file;
  }

  private String target() {
    return "file:" + folder.resolve("target");
  }

  private RewrittenDelete rewrite(String format, String source, PathMapping mapping) {
    return new DeleteFileRewriter(store, store, mapping).rewrite(source, target(), format, -1);
  }

  private List<String> read(String format, String location) {
    try (LocalCopy copy = LocalCopy.of(store, location)) {
      return Deletes.read(format(format), copy);
    }
  }

  private static List<String> expected(List<Record> rows, PathMapping mapping) {
    return rows.stream()
        .map(Record::copy)
        .sorted(
            Comparator.<Record, String>comparing(row -> mapping.map((String) row.get(0)))
                .thenComparing(row -> (Long) row.get(1)))
        .peek(row -> row.set(0, mapping.map((String) row.get(0))))
        .map(Record::toString)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void rows_ofOneMappedPrefix_allThereInOrderWithTheSameColumns(String format, boolean wide)
      throws IOException {
    Schema schema = wide ? Deletes.WIDE : Deletes.NARROW;
    List<Record> rows = new ArrayList<>();
    rows.addAll(Deletes.rows(schema, "s3://lake/t/a.parquet", 0, 1, 2, 700));
    rows.addAll(Deletes.rows(schema, "s3://lake/t/b.parquet", 3, 4));
    String source = source(format, schema, rows);

    RewrittenDelete file = rewrite(format, source, ONE_PREFIX);

    assertThat(read(format, target())).isEqualTo(expected(rows, ONE_PREFIX));
    assertThat(file.path()).isEqualTo(target());
    assertThat(store.length(target())).hasValue(file.lengthInBytes());
    assertThat(file.paths())
        .contains(new PathRange("s3://replica/t/a.parquet", "s3://replica/t/b.parquet"));
    try (LocalCopy before = LocalCopy.of(store, source);
        LocalCopy after = LocalCopy.of(store, target())) {
      Layout layout = format(format).layout(before);
      assertThat(layout.schema().columns()).hasSize(wide ? 4 : 2);
      assertThat(format(format).layout(after).schema().asStruct())
          .isEqualTo(layout.schema().asStruct());
      assertThat(format(format).layout(after).codec()).isEqualTo(layout.codec());
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void rows_thatTheMappingBringsOutOfOrder_areSortedAgain(String format, boolean wide) {
    Schema schema = wide ? Deletes.WIDE : Deletes.NARROW;
    List<Record> rows = new ArrayList<>();
    rows.addAll(Deletes.rows(schema, "s3://a/x.parquet", 0, 5));
    rows.addAll(Deletes.rows(schema, "s3://b/x.parquet", 1, 2));

    RewrittenDelete file = rewrite(format, source(format, schema, rows), TURNED);

    assertThat(read(format, target())).isEqualTo(expected(rows, TURNED));
    assertThat(file.paths()).contains(new PathRange("s3://m/x.parquet", "s3://z/x.parquet"));
  }

  @Test
  void sort_ofMoreRowsThanFitInMemory_mergesRunsAndLeavesNoFileBehind() throws IOException {
    List<Record> rows = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      rows.addAll(Deletes.rows(Deletes.WIDE, "s3://lake/" + i % 37, i));
    }
    Collections.shuffle(rows, new Random(3));
    Layout layout = new Layout(Deletes.WIDE, "zstd");
    long before = temporaryFiles();
    List<String> sorted = new ArrayList<>();

    try (SortedRuns runs = new SortedRuns(layout, 64)) {
      runs.sort(rows.stream().map(Record::copy).iterator())
          .forEachRemaining(row -> sorted.add(row.toString()));
      assertThat(temporaryFiles()).isGreaterThan(before + 10);
    }

    assertThat(sorted).isEqualTo(expected(rows, path -> path));
  }

  private static long temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("twinberg-delete-"))
          .count();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "avro", "orc"})
  void emptyFile_isCopied(String format) throws IOException {
    String source =
        format.equals("parquet") ? emptyParquet() : source(format, Deletes.NARROW, List.of());

    RewrittenDelete file = rewrite(format, source, ONE_PREFIX);

    assertThat(read(format, target())).isEmpty();
    assertThat(file.paths()).isEmpty();
    assertThat(store.length(target())).hasValue(file.lengthInBytes());
  }

  /** Iceberg's own writer leaves nothing behind where it has no rows. */
  @SuppressWarnings("deprecation")
  private String emptyParquet() throws IOException {
    Path file = folder.resolve("empty.parquet");
    try (ParquetFileWriter writer =
        new ParquetFileWriter(
            new LocalOutputFile(file),
            ParquetSchemaUtil.convert(Deletes.NARROW, "table"),
            ParquetFileWriter.Mode.CREATE,
            1 << 20,
            0)) {
      writer.start();
      writer.end(Map.of());
    }
    return "file:" + file;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void damagedFile_isCorruptByName_andNothingAppears(String format, boolean wide)
      throws IOException {
    Schema schema = wide ? Deletes.WIDE : Deletes.NARROW;
    String source = source(format, schema, Deletes.rows(schema, "s3://lake/a", 1, 2, 3));
    Path file = Path.of(source.substring("file:".length()));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () ->
                new DeleteFileRewriter(store, store, ONE_PREFIX)
                    .rewrite(source, target(), format, 3))
        .matches(e -> e.kind() == StoreException.Kind.CORRUPT)
        .matches(e -> e.location().equals(source));
    assertThat(store.length(target())).isEmpty();
  }

  @Test
  void missingFile_isMissing() {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> rewrite("parquet", "file:" + folder.resolve("none"), ONE_PREFIX))
        .matches(e -> e.kind() == StoreException.Kind.MISSING);
  }

  @Test
  void refusalOfTheMapping_comesThroughAndNothingAppears() {
    String source = source("avro", Deletes.NARROW, Deletes.rows(Deletes.NARROW, "s3://lake/a", 1));
    IllegalStateException refused = new IllegalStateException("refused");

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                rewrite(
                    "avro",
                    source,
                    path -> {
                      throw refused;
                    }))
        .isSameAs(refused);
    assertThat(store.length(target())).isEmpty();
  }
}
