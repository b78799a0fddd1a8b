package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.testing.OperationsDocument;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorCodeDocumentTest {
  @Test
  void errorCodes_each_haveOneRowThatSaysWhatToDo() {
    assertThat(OperationsDocument.words("Error codes", "code"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
  }

  @Test
  void word_ofAnotherVersion_isAsUnforeseenAsABug() {
    assertThat(ErrorCode.ofWord("CORRUPT")).isEqualTo(ErrorCode.CORRUPT);
    assertThat(ErrorCode.ofWord("NOT_INVENTED_YET")).isEqualTo(ErrorCode.INTERNAL);
  }
}
