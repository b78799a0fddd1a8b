package io.twinberg.replicator.rewrite;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.ManifestFixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestRefusalTest {

  private static final byte[] DATA = ManifestFixtures.manifest(3, "none", "gzip", 3, 1).bytes();

  /** Writes the records of {@link #DATA} anew, with whatever a test changes. */
  private static byte[] rewritten(Map<String, String> metadata, Consumer<GenericRecord> edit) {
    Decoded decoded = Decoded.of(DATA, edit);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(decoded.schema()))) {
      metadata.forEach(writer::setMeta);
      writer.create(decoded.schema(), out);
      for (GenericRecord record : decoded.records()) {
        writer.append(record);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void transcode(byte[] file) {
    Transcodings.transcode(file, path -> path);
  }

  @ParameterizedTest
  @CsvSource({"2, true", "2, false", "3, true"})
  void deleteManifest_whereDataIsListed_isRefused(int version, boolean equality) {
    byte[] deletes = ManifestFixtures.deleteManifest(version, equality);

    assertThatThrownBy(() -> transcode(deletes))
        .isInstanceOf(UnsupportedManifestException.class)
        .hasMessageContaining("content 'deletes'");
  }

  @Test
  void entryOfOtherContent_withoutWordInTheHeader_isRefused() {
    byte[] file =
        rewritten(Map.of(), record -> ((GenericRecord) record.get("data_file")).put("content", 1));

    assertThatThrownBy(() -> transcode(file))
        .isInstanceOf(UnsupportedManifestException.class)
        .hasMessageContaining("content 1")
        .hasMessageContaining("in a data manifest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bzip2", "xz", "lz4"})
  void codec_thatIsNotKnown_isRefusedByName(String codec) {
    String schema = Decoded.of(DATA).schema().toString();
    byte[] file = Transcodings.headerOnly(Map.of("avro.schema", schema, "avro.codec", codec));

    assertThatThrownBy(() -> transcode(file))
        .isInstanceOf(UnsupportedManifestException.class)
        .hasMessageContaining("'" + codec + "'");
  }

  private static byte[] replaced(byte[] file, String from, String to) {
    String text = new String(file, StandardCharsets.ISO_8859_1).replace(from, to);
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void formatVersionFour_isRefused() {
    byte[] file = rewritten(Map.of("format-version", "4"), record -> {});

    assertThatThrownBy(() -> transcode(file))
        .isInstanceOf(UnsupportedManifestException.class)
        .hasMessageContaining("format version 4");
  }

  @Test
  void parquetManifest_isRefused() {
    assertThatThrownBy(() -> transcode("PAR1....".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(UnsupportedManifestException.class)
        .hasMessageContaining("Parquet");
  }

  @Test
  void pathThatIsNotUtf8_isCorrupt() {
    byte[] file = rewritten(Map.of(), record -> {});
    byte[] broken = replaced(file, "z\u00c3\u00bcrich", "z\u00c3\u00c3rich");

    assertThatThrownBy(() -> transcode(broken))
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("not UTF-8");
  }
}
