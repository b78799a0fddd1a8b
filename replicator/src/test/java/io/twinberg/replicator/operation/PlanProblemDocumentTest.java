package io.twinberg.replicator.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.replica.ErrorCode;
import io.twinberg.testing.OperationsDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanProblemDocumentTest {
  /** One row stands for all codes of replicas, and names some of them. */
  @Test
  void problems_each_haveOneRowThatSaysWhatToDo() {
    List<String> documented =
        new ArrayList<>(OperationsDocument.words("What would a rule copy?", "under `problems`"));
    assertThat(documented.removeAll(Arrays.stream(ErrorCode.values()).map(Enum::name).toList()))
        .isTrue();
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(PlanProblem.values()).map(Enum::name).toList());
  }
}
