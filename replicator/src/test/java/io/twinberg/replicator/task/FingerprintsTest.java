package io.twinberg.replicator.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FingerprintsTest {
  @Test
  void paths_thatWereAdded_areThereAndNoOthers() {
    Fingerprints paths = new Fingerprints();
    assertThat(paths.contains("p0")).isFalse();
    for (int i = 0; i < 20_000; i++) {
      paths.add("p" + i);
      paths.add("p" + i / 2);
    }

    assertThat(paths.size()).isEqualTo(20_000);
    for (int i = 0; i < 20_000; i++) {
      assertThat(paths.contains("p" + i)).isTrue();
      assertThat(paths.contains("q" + i)).isFalse();
    }
  }
}
