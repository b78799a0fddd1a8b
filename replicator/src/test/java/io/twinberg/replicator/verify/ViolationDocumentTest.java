package io.twinberg.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.testing.OperationsDocument;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ViolationDocumentTest {
  @Test
  void kinds_each_haveOneRowThatSaysWhatToDo() {
    assertThat(OperationsDocument.words("Is a replica right?", "kind"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Violation.Kind.values()).map(Violation.Kind::word).toList());
  }
}
