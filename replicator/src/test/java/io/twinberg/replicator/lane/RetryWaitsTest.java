package io.twinberg.replicator.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RetryWaitsTest {
  private static RetryWaits waits(long seed) {
    return new RetryWaits(Duration.ofSeconds(1), Duration.ofSeconds(30), new Random(seed));
  }

  @Test
  void wait_doublesWithEachFailureUpToTheLongest() {
    RetryWaits waits = waits(1);
    List<Integer> whole = List.of(1, 2, 4, 8, 16, 30, 30);
    for (int failures = 0; failures < whole.size(); failures++) {
      Duration most = Duration.ofSeconds(whole.get(failures));
      assertThat(waits.after(failures)).isBetween(most.dividedBy(2), most);
    }
    assertThat(waits.after(Integer.MAX_VALUE))
        .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
  }

  @Test
  void waits_ofManyReplicasAfterOneFailure_areSpreadOverHalfTheTime() {
    RetryWaits waits = waits(1);
    List<Long> drawn =
        IntStream.range(0, 1_000).mapToObj(i -> waits.after(9).toMillis()).sorted().toList();

    // In each of fifteen seconds about a fifteenth of them comes back.
    for (int second = 15; second < 30; second++) {
      long from = second * 1_000L;
      assertThat(drawn.stream().filter(wait -> wait >= from && wait < from + 1_000).count())
          .as("waits of %d s", second)
          .isBetween(30L, 110L);
    }
  }

  @Test
  void waits_ofOneSeed_areTheSame() {
    assertThat(ten(waits(7))).isEqualTo(ten(waits(7))).isNotEqualTo(ten(waits(8)));
  }

  private static List<Duration> ten(RetryWaits waits) {
    return Stream.generate(() -> waits.after(3)).limit(10).toList();
  }

  @Test
  void wait_thatIsShort_isDrawnToo() {
    RetryWaits waits = new RetryWaits(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1));
    assertThat(waits.after(0)).isBetween(Duration.ZERO, Duration.ofMillis(1));
  }
}
