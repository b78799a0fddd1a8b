package io.twinberg.replicator.rewrite;

import static io.twinberg.replicator.rewrite.Transcodings.TO_REPLICA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.replica.PathRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.iceberg.DeleteFixtures;
import org.apache.iceberg.ManifestFixtures;
import org.apache.iceberg.ManifestFixtures.Written;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Delete manifests change in paths and sizes, and in nothing else. */
class DeleteManifestTest {
  private static final String DATA = ManifestFixtures.SOURCE + "/data/";

  private static byte[] transcode(byte[] file, PathMapping mapping, DeleteTargets targets) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new ManifestTranscoder(mapping)
          .transcodeDeletes(new ByteArrayInputStream(file), out, targets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "2, gzip",
    "2, zstd",
    "2, snappy",
    "2, uncompressed",
    "3, gzip",
    "3, zstd",
    "3, uncompressed"
  })
  void deleteManifest_ofEveryVersionAndCodec_differsInPathsAndSizesOnly(int version, String codec) {
    Written source = DeleteFixtures.manifest(version, codec, 900, 11);
    ExpectedDeletes expected = new ExpectedDeletes(TO_REPLICA, 5);

    byte[] copy = transcode(source.bytes(), TO_REPLICA, expected);

    assertThat(Decoded.of(copy)).isEqualTo(Decoded.of(source.bytes(), expected::edit));
    assertThat(DeleteFixtures.read(source, copy))
        .hasSize(900)
        .allMatch(entry -> entry.path().startsWith(Transcodings.TARGET + "/data/"))
        .allMatch(entry -> !text(entry.lower()).startsWith(ManifestFixtures.SOURCE))
        .allMatch(entry -> !text(entry.upper()).startsWith(ManifestFixtures.SOURCE));
  }

  private static String text(ByteBuffer bytes) {
    return bytes == null ? "" : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  @Test
  void anySchemaAndArrayBlocks_mapped_decodeWithNothingElseChanged() {
    long seed = Transcodings.seed("anySchemaAndArrayBlocks");
    for (int round = 0; round < 200; round++) {
      Random random = Transcodings.random(seed + round);
      Schema schema = new RandomSchemas(random).manifest(true);
      byte[] file =
          new RandomManifest(random)
              .write(schema, CodecFactory.nullCodec(), 1 + random.nextInt(30));
      ExpectedDeletes expected = new ExpectedDeletes(TO_REPLICA, seed + round);

      byte[] copy = transcode(file, TO_REPLICA, expected);

      assertThat(Decoded.of(copy))
          .as("seed " + (seed + round))
          .isEqualTo(Decoded.of(file, expected::edit));
      assertThat(entries(copy)).as("seed " + (seed + round)).isEqualTo(entries(file));
    }
  }

  /** Avro's reader skips the sizes that array blocks may carry; ours checks them. */
  private static long entries(byte[] file) {
    AtomicLong entries = new AtomicLong();
    try {
      ManifestEntries.read(new ByteArrayInputStream(file), entry -> entries.incrementAndGet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries.get();
  }

  private static DeleteFixtures.Entry only(String lower, String upper, Optional<PathRange> paths) {
    Random live = new Random(0);
    Written source =
        DeleteFixtures.manifest(
            2, "gzip", List.of(DeleteFixtures.positions(1, live, lower, upper)), new Random(3));
    byte[] copy =
        transcode(
            source.bytes(),
            TO_REPLICA,
            entries -> Map.of(entries.get(0).path(), new RewrittenDelete("s3://r/d", 4321, paths)));
    return DeleteFixtures.read(source, copy).get(0);
  }

  @Test
  void boundsOfOnePath_stayEqual_soThatReadersKnowTheDataFile() {
    DeleteFixtures.Entry entry =
        only(DATA + "a", DATA + "a", Optional.of(PathRange.of("s3://r/data/a")));

    assertThat(text(entry.lower())).isEqualTo("s3://r/data/a").isEqualTo(text(entry.upper()));
    assertThat(entry.length()).isEqualTo(4321);
    assertThat(entry.columnSizes()).isNull();
    assertThat(entry.splitOffsets()).isNull();
  }

  @Test
  void truncatedBounds_becomeTheFilesOwnRange() {
    DeleteFixtures.Entry entry =
        only(
            "s3://lake/wareho",
            "s3://lake/warehp",
            Optional.of(new PathRange("s3://r/a", "s3://r/z")));

    assertThat(text(entry.lower())).isEqualTo("s3://r/a");
    assertThat(text(entry.upper())).isEqualTo("s3://r/z");
  }

  @Test
  void unequalBounds_ofAFileThatNobodyHasRead_areDropped() {
    DeleteFixtures.Entry entry = only(DATA + "a", DATA + "b", Optional.empty());

    assertThat(entry.lower()).isNull();
    assertThat(entry.upper()).isNull();
  }

  @Test
  void equalTruncatedBounds_thatTheMappingWouldRefuse_areDropped() {
    PathMapping refusing =
        new PathMapping() {
          @Override
          public String map(String path) {
            if (!accepts(path)) {
              throw new IllegalStateException(path);
            }
            return TO_REPLICA.map(path);
          }

          @Override
          public boolean accepts(String path) {
            return path.startsWith(ManifestFixtures.SOURCE + "/");
          }
        };
    Written source =
        DeleteFixtures.manifest(
            2,
            "gzip",
            List.of(
                DeleteFixtures.positions(1, new Random(1), "s3://lake/wareho", "s3://lake/wareho")),
            new Random(3));

    byte[] copy =
        transcode(
            source.bytes(),
            refusing,
            entries ->
                Map.of(
                    entries.get(0).path(), new RewrittenDelete("s3://r/d", 1, Optional.empty())));

    assertThat(DeleteFixtures.read(source, copy).get(0).lower()).isNull();
  }

  @Test
  void livePositionDelete_thatNobodyHasRewritten_endsTheTranscoding() {
    Written source = DeleteFixtures.manifest(2, "gzip", 50, 11);

    assertThatThrownBy(() -> transcode(source.bytes(), TO_REPLICA, entries -> Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nothing was rewritten");
  }
}
