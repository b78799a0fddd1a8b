package io.twinberg.it.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How far a replica lags behind, compared with what the stores need for the same requests. Not part
 * of the normal build; run it with {@code mvn -pl integration-tests -am verify -Pbench -Dtest=none
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class LagBench {
  private static final int COMMITS = Integer.getInteger("commits", 200);
  private static final int WARM_UP = Integer.getInteger("warm-up", 400);

  @TempDir private Path folder;

  @Test
  void lag_ofSmallAppends_isBelowTwiceTheStoresOwnTime() throws IOException, InterruptedException {
    try (TwoStores stores = new TwoStores(folder)) {
      LagRun run = LagRun.of(stores, WARM_UP, COMMITS);
      System.out.println(run);
      assertThat(run.ratio()).isLessThan(2.0);
    }
  }
}
