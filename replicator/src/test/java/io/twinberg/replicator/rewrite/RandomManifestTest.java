package io.twinberg.replicator.rewrite;

import static io.twinberg.replicator.rewrite.Transcodings.BACK;
import static io.twinberg.replicator.rewrite.Transcodings.TO_REPLICA;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.junit.jupiter.api.Test;

class RandomManifestTest {

  private static final int ROUNDS = 200;

  private static final List<CodecFactory> CODECS =
      List.of(
          CodecFactory.nullCodec(),
          CodecFactory.deflateCodec(9),
          CodecFactory.zstandardCodec(3),
          CodecFactory.zstandardCodec(3, true),
          CodecFactory.snappyCodec());

  @Test
  void anySchema_identityMapping_returnsTheSameBytes() {
    long seed = Transcodings.seed("anySchema_identityMapping");
    for (int round = 0; round < ROUNDS; round++) {
      byte[] file = random(seed + round, CodecFactory.nullCodec(), false);

      assertThat(Transcodings.transcode(file, path -> path))
          .as("seed " + (seed + round))
          .isEqualTo(file);
    }
  }

  @Test
  void anySchema_mappedAndMappedBack_returnsTheSameBytes() {
    long seed = Transcodings.seed("anySchema_mappedAndMappedBack");
    for (int round = 0; round < ROUNDS; round++) {
      byte[] file = random(seed + round, CodecFactory.nullCodec(), false);

      byte[] mapped = Transcodings.transcode(file, TO_REPLICA);

      assertThat(mapped).as("seed " + (seed + round)).isNotEqualTo(file);
      assertThat(Transcodings.transcode(mapped, BACK)).as("seed " + (seed + round)).isEqualTo(file);
    }
  }

  @Test
  void anySchemaAndCodec_mapped_decodesWithNothingButPathsChanged() {
    long seed = Transcodings.seed("anySchemaAndCodec_mapped");
    for (int round = 0; round < ROUNDS; round++) {
      byte[] file = random(seed + round, CODECS.get(round % CODECS.size()), true);

      byte[] mapped = Transcodings.transcode(file, TO_REPLICA);

      assertThat(Decoded.of(mapped))
          .as("seed " + (seed + round))
          .isEqualTo(Decoded.ofManifest(file, TO_REPLICA));
    }
  }

  private static byte[] random(long seed, CodecFactory codec, boolean pathBounds) {
    Random random = Transcodings.random(seed);
    Schema schema = new RandomSchemas(random).manifest();
    return new RandomManifest(random, pathBounds).write(schema, codec, 1 + random.nextInt(30));
  }
}
