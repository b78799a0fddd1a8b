package io.twinberg.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.yaml.KeyRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConfigDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/configuration.md");
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| [^|]{3,} \\|$", Pattern.MULTILINE);
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @Test
  void tables_everyKey_sayWhatTheCodeDoes() throws Exception {
    List<KeyRow> rows = new ArrayList<>();
    Matcher matcher = ROW.matcher(Files.readString(DOCUMENT));
    while (matcher.find()) {
      rows.add(new KeyRow(matcher.group(1), matcher.group(2), matcher.group(3)));
    }
    assertThat(rows).containsExactlyElementsOf(TwinbergConfig.SCHEMA.rows(""));
  }

  @Test
  void examples_each_canBeRead() throws Exception {
    Matcher matcher = YAML.matcher(Files.readString(DOCUMENT));
    int examples = 0;
    while (matcher.find()) {
      assertThat(Configs.parse(matcher.group(1))).isNotNull();
      examples++;
    }
    assertThat(examples).isPositive();
  }
}
