package io.twinberg.replica;

import static io.twinberg.replica.LedgerState.CONDEMNED;
import static io.twinberg.replica.LedgerState.DELETING;
import static io.twinberg.replica.LedgerState.GONE;
import static io.twinberg.replica.LedgerState.LIVE;
import static io.twinberg.replica.LedgerState.STAGED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerStateTest {
  private static final Map<LedgerState, Set<LedgerState>> LEGAL =
      Map.of(
          STAGED, Set.of(LIVE, CONDEMNED),
          LIVE, Set.of(CONDEMNED),
          CONDEMNED, Set.of(LIVE, DELETING),
          DELETING, Set.of(GONE),
          GONE, Set.of(STAGED));

  static Stream<Arguments> everyPair() {
    return Arrays.stream(LedgerState.values())
        .flatMap(
            from -> Arrays.stream(LedgerState.values()).map(target -> Arguments.of(from, target)));
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void transition_anyPairOfStates_isLegalOrRefusedByName(LedgerState from, LedgerState target) {
    if (LEGAL.get(from).contains(target)) {
      assertThat(from.to(target)).isEqualTo(target);
    } else {
      assertThatIllegalStateException()
          .isThrownBy(() -> from.to(target))
          .withMessage("a ledger row cannot go from " + from + " to " + target);
    }
  }
}
