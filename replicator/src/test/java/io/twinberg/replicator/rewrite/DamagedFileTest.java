package io.twinberg.replicator.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.iceberg.ManifestFixtures;
import org.apache.iceberg.ManifestFixtures.Written;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedFileTest {

  private static final PathMapping MAPPING = path -> "s3://elsewhere/" + path;

  /** Damages a file in many ways; each way ends in an exception of this package or a sound copy. */
  private static void assertFailsClearlyOrDecodes(byte[] damaged, String how) {
    byte[] copy;
    try {
      copy = Transcodings.transcode(damaged, MAPPING);
    } catch (CorruptManifestException | UnsupportedManifestException e) {
      assertThat(e.getMessage()).as(how).isNotBlank();
      return;
    } catch (RuntimeException e) {
      throw new AssertionError(how, e);
    }
    assertThat(Decoded.of(copy).records())
        .as(how)
        .isEqualTo(Decoded.ofManifest(damaged, MAPPING).records());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "snappy", "uncompressed"})
  void icebergManifest_withFlippedBytes_failsClearlyOrDecodes(String codec) {
    long seed = Transcodings.seed("icebergManifest_withFlippedBytes " + codec);
    byte[] file = ManifestFixtures.manifest(3, "two", codec, 40, 5).bytes();
    for (int round = 0; round < 1000; round++) {
      flipAndCheck(file, seed + round);
    }
  }

  @Test
  void randomManifest_withFlippedBytes_failsClearlyOrDecodes() {
    long seed = Transcodings.seed("randomManifest_withFlippedBytes");
    for (int round = 0; round < 40; round++) {
      Random random = Transcodings.random(seed + round);
      Schema schema = new RandomSchemas(random).manifest();
      byte[] file = new RandomManifest(random).write(schema, CodecFactory.nullCodec(), 4);
      for (int flip = 0; flip < 10; flip++) {
        flipAndCheck(file, seed + round * 1000L + flip);
      }
    }
  }

  /** Found by the random ones: a byte that only adds bits beyond those of an int. */
  @Test
  void pathColumnOfABound_withBitsBeyondAnInt_isCorrupt() {
    Random random = Transcodings.random(65051121012864L);
    Schema schema = new RandomSchemas(random).manifest();
    byte[] file = new RandomManifest(random).write(schema, CodecFactory.nullCodec(), 4);
    assertThat(file[2330]).isEqualTo((byte) 0x0f);
    file[2330] = 0x5f;

    assertThatThrownBy(() -> Transcodings.transcode(file, MAPPING))
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("a bound of column");
  }

  private static void flipAndCheck(byte[] file, long seed) {
    Random random = Transcodings.random(seed);
    byte[] damaged = file.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      // Half of the hits into the blocks, which are small beside the schema in the header.
      int from = random.nextBoolean() ? headerLength(file) : 0;
      damaged[from + random.nextInt(file.length - from)] = (byte) random.nextInt(256);
    }
    assertFailsClearlyOrDecodes(damaged, "seed " + seed);
  }

  private static int headerLength(byte[] file) {
    try {
      return new ContainerReader(new ByteArrayInputStream(file)).header().bytes().length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "snappy", "uncompressed"})
  void manifest_cutAnywhere_isCorruptOrMissesEntries(String codec) {
    Written whole = ManifestFixtures.manifest(2, "none", codec, 200, 5);
    ListedManifest listed = listed(whole);
    // Every length around the header, then steps of a prime, so that the cuts wander over blocks.
    for (int cut = 0; cut < whole.bytes().length; cut += cut < 100 ? 1 : 131) {
      byte[] part = Arrays.copyOf(whole.bytes(), cut);

      assertThatThrownBy(() -> transcodeAndCompare(part, listed))
          .as("cut at " + cut)
          .isInstanceOf(CorruptManifestException.class);
    }
  }

  @Test
  void manifest_cutBetweenBlocks_isFoundByItsCountsOnly() {
    Written whole = ManifestFixtures.manifest(2, "none", "gzip", 200, 5);
    byte[] headerOnly = Arrays.copyOf(whole.bytes(), headerLength(whole.bytes()));

    assertThat(Transcodings.run(headerOnly, new ByteArrayOutputStream(), MAPPING, (e, t) -> {}))
        .returns(0L, TranscodedManifest::entries);
    assertThatThrownBy(() -> transcodeAndCompare(headerOnly, listed(whole)))
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("0 added entries");
  }

  private static void transcodeAndCompare(byte[] file, ListedManifest listed) {
    Transcodings.run(file, new ByteArrayOutputStream(), MAPPING, (entry, target) -> {})
        .requireCountsOf(listed);
  }

  private static ListedManifest listed(Written manifest) {
    return new ListedManifest(
        manifest.listed().path(),
        manifest.listed().length(),
        0,
        0,
        1,
        1,
        1,
        OptionalInt.of(manifest.listed().addedFilesCount()),
        OptionalInt.of(manifest.listed().existingFilesCount()),
        OptionalInt.empty(),
        OptionalLong.empty(),
        false);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void list_withFlippedBytesOrCut_failsClearlyOrDecodes(int version) {
    long seed = Transcodings.seed("list_withFlippedBytesOrCut");
    byte[] list = ManifestFixtures.list(version, "gzip", 20, version == 3 ? 1L : null);
    for (int round = 0; round < 500; round++) {
      Random random = Transcodings.random(seed + round);
      byte[] damaged = Arrays.copyOf(list, list.length - random.nextInt(2) * random.nextInt(99));
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      Throwable failure =
          catchThrowable(
              () -> {
                ManifestList.read(damaged);
                ManifestList.rewrite(damaged, path -> new RewrittenFile(path, 1));
              });
      if (failure != null) {
        assertThat(failure)
            .as("seed " + (seed + round))
            .isInstanceOfAny(CorruptManifestException.class, UnsupportedManifestException.class);
      }
    }
  }

  @Test
  void block_ofAbsurdSize_isRefusedWithoutAllocatingIt() {
    byte[] file = ManifestFixtures.manifest(2, "none", "gzip", 3, 5).bytes();
    Bytes claim = new Bytes(100);
    claim.append(file, 0, headerLength(file));
    claim.appendNumber(3);
    claim.appendNumber(Long.MAX_VALUE);

    assertThatThrownBy(() -> Transcodings.transcode(bytes(claim), MAPPING))
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("block 1")
        .hasMessageContaining("" + Long.MAX_VALUE);
  }

  @Test
  void bytesAfterTheLastRecord_areCorrupt() {
    byte[] file = ManifestFixtures.manifest(2, "none", "uncompressed", 3, 5).bytes();
    int header = headerLength(file);
    // One entry less in the block's count (zigzag 6 to 4); the third entry is left over.
    assertThat(file[header]).isEqualTo((byte) 6);
    file[header] = 4;

    assertThatThrownBy(() -> Transcodings.transcode(file, MAPPING))
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("follow its last record");
  }

  @Test
  void syncMarker_thatDiffers_isCorrupt() {
    byte[] file = ManifestFixtures.manifest(2, "none", "uncompressed", 3, 5).bytes();
    file[file.length - 1] ^= 1;

    assertThatThrownBy(() -> Transcodings.transcode(file, MAPPING))
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("sync marker");
  }

  @Test
  void hostileSchemas_areRefusedAtOnce() {
    String deep = "[".repeat(900) + "\"int\"" + "]".repeat(900);
    String recursive =
        "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"n\",\"type\":[\"null\",\"r\"]}]}";
    String chain = chain(400);
    for (String schema : List.of(deep, recursive, chain, "{", "null", "7", "{\"type\":5}", "")) {
      assertThatThrownBy(
              () ->
                  Transcodings.transcode(
                      Transcodings.headerOnly(Map.of("avro.schema", schema)), MAPPING))
          .as(schema)
          .isInstanceOfAny(CorruptManifestException.class, UnsupportedManifestException.class);
    }
  }

  /** Records that each hold the one before: flat JSON, deep data. */
  private static String chain(int links) {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < links; i++) {
      String inner = i == 0 ? "\"int\"" : "\"c" + (i - 1) + "\"";
      fields.append(
          "%s{\"name\":\"f%d\",\"type\":{\"type\":\"record\",\"name\":\"c%d\",\"fields\":[{\"name\":\"a\",\"type\":%s}]}}"
              .formatted(i == 0 ? "" : ",", i, i, inner));
    }
    return "{\"type\":\"record\",\"name\":\"root\",\"fields\":[" + fields + "]}";
  }

  private static byte[] bytes(Bytes bytes) {
    return Arrays.copyOf(bytes.array, bytes.length);
  }
}
