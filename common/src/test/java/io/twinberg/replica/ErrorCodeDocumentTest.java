package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ErrorCodeDocumentTest {
  private static final Pattern SECTION =
      Pattern.compile("\n## Error codes\n(.*?)\n## ", Pattern.DOTALL);
  private static final Pattern ROW =
      Pattern.compile("^\\| (`[^|]+`) \\| [^|]{3,} \\| [^|]{3,} \\|$", Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("`([A-Z_]+)`");

  @Test
  void errorCodes_each_haveOneRowThatSaysWhatToDo() throws Exception {
    Matcher section = SECTION.matcher(Files.readString(Path.of("../docs/OPERATIONS.md")));
    assertThat(section.find()).isTrue();
    List<String> documented = new ArrayList<>();
    Matcher row = ROW.matcher(section.group(1));
    while (row.find()) {
      Matcher code = CODE.matcher(row.group(1));
      while (code.find()) {
        documented.add(code.group(1));
      }
    }
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
  }

  @Test
  void word_ofAnotherVersion_isAsUnforeseenAsABug() {
    assertThat(ErrorCode.ofWord("CORRUPT")).isEqualTo(ErrorCode.CORRUPT);
    assertThat(ErrorCode.ofWord("NOT_INVENTED_YET")).isEqualTo(ErrorCode.INTERNAL);
  }
}
