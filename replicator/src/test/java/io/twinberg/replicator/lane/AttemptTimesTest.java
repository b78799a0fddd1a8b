package io.twinberg.replicator.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttemptTimesTest {
  private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");

  private final AttemptTimes times = new AttemptTimes();

  @Test
  void times_inWhateverOrderTheyCome_areDueEachOnce() {
    times.add(NOON.plusSeconds(60));
    times.add(NOON);
    times.add(NOON.plusSeconds(1));

    assertThat(times.removeDue(NOON.minusSeconds(1))).isFalse();
    assertThat(times.removeDue(NOON)).isTrue();
    assertThat(times.removeDue(NOON)).isFalse();
    assertThat(times.removeDue(NOON.plusSeconds(60))).isTrue();
    assertThat(times.removeDue(NOON.plusSeconds(60))).isFalse();
  }

  @Test
  void times_thatAreTooMany_areLeftToTheDatabase() {
    for (int i = 0; i <= AttemptTimes.MOST; i++) {
      times.add(NOON.plusSeconds(i));
    }

    assertThat(times.removeDue(NOON.plusSeconds(AttemptTimes.MOST - 1))).isTrue();
    assertThat(times.removeDue(NOON.plusSeconds(AttemptTimes.MOST))).isFalse();
  }
}
