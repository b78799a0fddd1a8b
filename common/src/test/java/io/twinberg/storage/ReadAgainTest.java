package io.twinberg.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.storage.StoreException.Kind;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class ReadAgainTest {
  private static final String AT = "s3://lake/x";

  private final AtomicInteger reads = new AtomicInteger();

  private Supplier<Integer> failing(int times, Kind kind) {
    return () -> {
      if (reads.incrementAndGet() <= times) {
        throw new StoreException(kind, AT, "failure " + reads.get());
      }
      return reads.get();
    };
  }

  @Test
  void whole_brokenOffThreeTimes_isReadByTheFourth() {
    assertThat(ReadAgain.whole(AT, failing(3, Kind.UNAVAILABLE))).isEqualTo(4);
  }

  @Test
  void whole_brokenOffEachTime_failsWithTheLastFailure() {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> ReadAgain.whole(AT, failing(9, Kind.UNAVAILABLE)))
        .withMessage("failure 4");
  }

  /** Calls that are throttled are repeated by {@link PacedStore}; the others would fail again. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "UNAVAILABLE")
  void whole_anyOtherFailure_isNotReadAgain(Kind kind) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> ReadAgain.whole(AT, failing(1, kind)))
        .withMessage("failure 1");
  }

  @Test
  void whole_interruptedWhileItWaits_endsAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> ReadAgain.whole(AT, failing(1, Kind.UNAVAILABLE)));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(reads).hasValue(1);
  }
}
