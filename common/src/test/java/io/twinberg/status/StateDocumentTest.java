package io.twinberg.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.operation.OperationState;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.testing.OperationsDocument;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Whoever sees a state finds out what to do. */
class StateDocumentTest {
  @Test
  void statesOfAReplica_each_haveOneRow() {
    assertThat(OperationsDocument.words("States of a replica", "state"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ReplicaState.values()).map(ReplicaState::word).toList());
  }

  @Test
  void lifecycles_each_haveOneRow() {
    assertThat(OperationsDocument.words("States of a replica", "lifecycle"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ReplicaLifecycle.values())
                .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList());
  }

  @Test
  void statesOfAnOperation_each_haveOneRow() {
    assertThat(OperationsDocument.words("Operations", "state"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(OperationState.values()).map(OperationState::word).toList());
  }
}
