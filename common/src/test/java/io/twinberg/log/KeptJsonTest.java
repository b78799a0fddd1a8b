package io.twinberg.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeptJsonTest {
  private final byte[] json = "{\"location\":\"s3://lake/ü\"}".getBytes(StandardCharsets.UTF_8);

  @Test
  void compressed_readBack_isTheSameToTheByte() {
    assertThat(KeptJson.kept(KeptJson.of(json).compressed()).bytes()).isEqualTo(json);
  }

  @Test
  void compressed_forASecondRow_isNotCompressedAgain() {
    KeptJson answered = KeptJson.of(json);
    KeptJson read = KeptJson.kept(answered.compressed());

    assertThat(answered.compressed()).isSameAs(answered.compressed());
    assertThat(read.compressed()).isSameAs(answered.compressed());
    assertThat(read.bytes()).isSameAs(read.bytes());
  }
}
