package io.twinberg.it.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@link LagBench}, with a bound that a cold start on a busy machine keeps; the
 * goal is LagBench's.
 */
class LagIT {
  @TempDir private Path folder;

  @Test
  void lag_ofSmallAppends_isNearTheStoresOwnTime() throws IOException, InterruptedException {
    try (TwoStores stores = new TwoStores(folder)) {
      LagRun run = LagRun.of(stores, 0, 30);
      System.out.println(run);
      assertThat(run.ratio()).isLessThan(10.0);
    }
  }
}
