package io.twinberg.replicator.rewrite;

import static io.twinberg.replicator.rewrite.Transcodings.TO_REPLICA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.twinberg.replicator.rewrite.ManifestEntry.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.ManifestFixtures;
import org.apache.iceberg.ManifestFixtures.Written;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTranscoderTest {

  @ParameterizedTest
  @CsvSource({
    "1, none, gzip",
    "1, two, uncompressed",
    "2, none, gzip",
    "2, two, zstd",
    "2, many, snappy",
    "2, many, uncompressed",
    "3, none, zstd",
    "3, two, gzip",
    "3, many, snappy",
    "3, two, uncompressed"
  })
  void manifest_ofEveryVersionSpecAndCodec_differsInPathsOnly(
      int version, String spec, String codec) {
    Written source = ManifestFixtures.manifest(version, spec, codec, 3000, 11);

    byte[] copy = Transcodings.transcode(source.bytes(), TO_REPLICA);

    assertThat(Decoded.of(copy)).isEqualTo(Decoded.ofManifest(source.bytes(), TO_REPLICA));
    assertThat(ManifestFixtures.paths(source, copy))
        .hasSize(3000)
        .allMatch(path -> path.startsWith(Transcodings.TARGET + "/data/"))
        .isEqualTo(
            ManifestFixtures.paths(source, source.bytes()).stream().map(TO_REPLICA::map).toList());
  }

  /** {@code -Dentries=100000} takes a minute. */
  @ParameterizedTest
  @CsvSource({
    "2, zstd",
    "2, gzip",
    "3, gzip",
    "3, zstd",
    "3, snappy",
    "3, uncompressed",
  })
  void manifest_ofManyBlocks_differsInPathsOnly(int version, String codec) {
    int entries = Integer.getInteger("entries", 15_000);
    Written source = ManifestFixtures.manifest(version, "two", codec, entries, 23);
    byte[] copy = Transcodings.transcode(source.bytes(), TO_REPLICA);

    assertThat(Decoded.equalEntries(copy, source.bytes(), TO_REPLICA)).isEqualTo(entries);
  }

  @Test
  void nulls_ofSequenceNumbersAndRowIds_stayNullAndTheOthersStay() {
    byte[] source = ManifestFixtures.manifest(3, "two", "zstd", 2000, 3).bytes();
    List<GenericRecord> entries = Decoded.of(source).records();
    // The fixture must hold what this test is about.
    assertThat(entries.stream().map(e -> e.get("sequence_number")).filter(n -> n == null).count())
        .isBetween(1L, 1999L);
    assertThat(entries.stream().map(ManifestTranscoderTest::rowId).filter(n -> n == null).count())
        .isBetween(1L, 1999L);

    List<GenericRecord> copied = Decoded.of(Transcodings.transcode(source, TO_REPLICA)).records();

    for (String field :
        List.of("status", "snapshot_id", "sequence_number", "file_sequence_number")) {
      assertThat(copied)
          .map(e -> e.get(field))
          .isEqualTo(entries.stream().map(e -> e.get(field)).toList());
    }
    assertThat(copied)
        .map(ManifestTranscoderTest::rowId)
        .isEqualTo(entries.stream().map(ManifestTranscoderTest::rowId).toList());
  }

  private static Object rowId(GenericRecord entry) {
    return ((GenericRecord) entry.get("data_file")).get("first_row_id");
  }

  @Test
  void header_ofTheCopy_isTheSourcesByteForByte() {
    byte[] source = ManifestFixtures.manifest(3, "many", "gzip", 10, 5).bytes();
    byte[] copy = Transcodings.transcode(source, TO_REPLICA);

    int length = new HeaderLength(source).bytes();

    assertThat(Arrays.copyOf(copy, length)).isEqualTo(Arrays.copyOf(source, length));
  }

  /** Where the first block begins, taken from the reader under test and checked for sense. */
  private record HeaderLength(byte[] file) {
    int bytes() {
      try {
        int length = new ContainerReader(new ByteArrayInputStream(file)).header().bytes().length;
        assertThat(length).isGreaterThan(1000);
        return length;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void identityMapping_ofUncompressedManifest_returnsTheSameBytes() {
    byte[] source = ManifestFixtures.manifest(3, "two", "uncompressed", 5000, 7).bytes();

    assertThat(Transcodings.transcode(source, path -> path)).isEqualTo(source);
  }

  @Test
  void sameInputAndMapping_twice_giveTheSameBytes() {
    byte[] source = ManifestFixtures.manifest(2, "two", "gzip", 1000, 7).bytes();

    assertThat(Transcodings.transcode(source, TO_REPLICA))
        .isEqualTo(Transcodings.transcode(source, TO_REPLICA));
  }

  @Test
  void visitor_seesEveryEntryInOrderWithItsTarget() {
    Written source = ManifestFixtures.manifest(3, "two", "zstd", 1000, 9);
    List<ManifestEntry> entries = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    TranscodedManifest result =
        Transcodings.run(
            source.bytes(),
            out,
            TO_REPLICA,
            (entry, target) -> {
              entries.add(entry);
              targets.add(target);
            });

    List<GenericRecord> records = Decoded.of(source.bytes()).records();
    assertThat(entries).hasSize(1000);
    for (int i = 0; i < records.size(); i++) {
      assertThat(entries.get(i)).isEqualTo(expected(records.get(i)));
      assertThat(targets.get(i)).isEqualTo(TO_REPLICA.map(entries.get(i).path()));
    }
    assertThat(entries).map(ManifestEntry::status).contains(Status.values());
    assertThat(result.lengthInBytes()).isEqualTo(out.size());
    assertThat(result.sourceLengthInBytes()).isEqualTo(source.bytes().length);
    assertThat(result.addedEntries()).isEqualTo((long) source.listed().addedFilesCount());
    assertThat(result.existingEntries()).isEqualTo((long) source.listed().existingFilesCount());
    assertThat(result.deletedEntries()).isEqualTo((long) source.listed().deletedFilesCount());
  }

  private static ManifestEntry expected(GenericRecord record) {
    GenericRecord file = (GenericRecord) record.get("data_file");
    return new ManifestEntry(
        Status.values()[(int) record.get("status")],
        (int) file.get("content"),
        file.get("file_path").toString(),
        file.get("file_format").toString(),
        (long) file.get("file_size_in_bytes"),
        (long) file.get("record_count"),
        OptionalLong.of((long) record.get("snapshot_id")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "snappy"})
  void helpers_withTheBlocksOfALargeManifest_giveTheSameBytesAndVisitsInOrder(String codec)
      throws Exception {
    byte[] source = ManifestFixtures.manifest(3, "two", codec, 5000, 9).bytes();
    List<ManifestEntry> alone = new ArrayList<>();
    byte[] expected =
        Transcodings.transcode(source, TO_REPLICA, (entry, target) -> alone.add(entry));
    ExecutorService helpers = Executors.newFixedThreadPool(3);
    try {
      List<ManifestEntry> helped = new ArrayList<>();
      ByteArrayOutputStream out = new ByteArrayOutputStream();

      new ManifestTranscoder(TO_REPLICA, helpers, 4)
          .transcode(new ByteArrayInputStream(source), out, (entry, target) -> helped.add(entry));

      assertThat(out.toByteArray()).isEqualTo(expected);
      assertThat(helped).hasSize(5000).isEqualTo(alone);
    } finally {
      helpers.shutdownNow();
    }
  }

  @Test
  void helpers_whenOneFails_passOnWhatItThrew() {
    byte[] source = ManifestFixtures.manifest(3, "two", "zstd", 5000, 9).bytes();
    IllegalStateException refused = new IllegalStateException("refused");
    AtomicInteger mapped = new AtomicInteger();
    ExecutorService helpers = Executors.newFixedThreadPool(3);
    PathMapping failing =
        path -> {
          if (mapped.incrementAndGet() > 3000) {
            throw refused;
          }
          return path;
        };
    try {
      assertThatThrownBy(
              () ->
                  new ManifestTranscoder(failing, helpers, 4)
                      .transcode(
                          new ByteArrayInputStream(source),
                          OutputStream.nullOutputStream(),
                          (entry, target) -> {}))
          .isSameAs(refused);
    } finally {
      helpers.shutdownNow();
    }
  }

  @Test
  void refusalOfTheMapping_comesThroughUnchanged() {
    byte[] source = ManifestFixtures.manifest(2, "none", "gzip", 10, 7).bytes();
    RuntimeException refused = new IllegalStateException("outside allowed locations");

    assertThatThrownBy(
            () ->
                Transcodings.transcode(
                    source,
                    path -> {
                      throw refused;
                    }))
        .isSameAs(refused);
  }

  @Test
  void allocation_perEntry_isAboutItsPaths() throws Exception {
    byte[] source = ManifestFixtures.manifest(3, "two", "zstd", 20_000, 7).bytes();
    ManifestTranscoder transcoder = new ManifestTranscoder(TO_REPLICA);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);

    transcoder.transcode(
        new ByteArrayInputStream(source), OutputStream.nullOutputStream(), (entry, target) -> {});

    long perEntry = (threads.getThreadAllocatedBytes(thread) - before) / 20_000;
    // Source path, target path and their encodings take about 700; a decoded entry takes 10,000.
    assertThat(perEntry).isLessThan(1200);
  }
}
