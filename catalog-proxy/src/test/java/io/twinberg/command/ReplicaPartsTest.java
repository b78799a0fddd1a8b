package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaPartsTest {
  @ParameterizedTest
  @CsvSource({"512, 1, 64", "512, 8, 8", "8192, 1, 256", "8192, 4, 64", "8192, 0, 256"})
  void metadataCaches_takeAShareOfTheHeapTogether(
      long heapMegabytes, int destinations, long megabytes) {
    assertThat(ReplicaParts.cacheBytes(heapMegabytes << 20, destinations))
        .isEqualTo(megabytes << 20);
  }
}
