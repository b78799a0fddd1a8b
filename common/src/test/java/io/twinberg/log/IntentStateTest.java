package io.twinberg.log;

import static io.twinberg.log.IntentState.ABANDONED;
import static io.twinberg.log.IntentState.COMMITTED;
import static io.twinberg.log.IntentState.LOGGED;
import static io.twinberg.log.IntentState.PENDING;
import static io.twinberg.log.IntentState.REJECTED;
import static io.twinberg.log.IntentState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IntentStateTest {
  private static final Map<IntentState, Set<IntentState>> LEGAL =
      Map.of(
          PENDING, Set.of(COMMITTED, REJECTED, UNKNOWN),
          UNKNOWN, Set.of(COMMITTED, REJECTED, LOGGED, ABANDONED),
          COMMITTED, Set.of(LOGGED),
          REJECTED, Set.of(),
          LOGGED, Set.of(),
          ABANDONED, Set.of());

  static Stream<Arguments> everyPair() {
    return Arrays.stream(IntentState.values())
        .flatMap(
            from -> Arrays.stream(IntentState.values()).map(target -> Arguments.of(from, target)));
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void transition_anyPairOfStates_isLegalOrRefusedByName(IntentState from, IntentState target) {
    if (LEGAL.get(from).contains(target)) {
      assertThat(from.to(target)).isEqualTo(target);
    } else {
      assertThatIllegalStateException()
          .isThrownBy(() -> from.to(target))
          .withMessage("an intent cannot go from " + from + " to " + target);
    }
  }
}
