package io.twinberg.config;

import io.twinberg.config.yaml.Document;
import io.twinberg.config.yaml.References;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;

/** Reads texts as the file {@code /etc/twinberg/twinberg.yaml}. */
final class Configs {
  static final Path FOLDER = Path.of("/etc/twinberg");
  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "DB_PASSWORD", "s3cr3t-db",
          "PORT", "9000",
          "EMPTY", "",
          "ETL_TOKEN", "one",
          "OPS_TOKEN", "two",
          "S3_SECRET", "three");
  private static final UnaryOperator<String> ENV = ENVIRONMENT::get;

  private Configs() {}

  static TwinbergConfig parse(String yaml) {
    return ConfigLoader.parse(yaml, FOLDER, ENV);
  }

  /** What the file says, with what this version cannot do yet let through. */
  static TwinbergConfig understood(String yaml) {
    Document document = new Document("twinberg.yaml", new References(FOLDER, ENV));
    TwinbergConfig config = ConfigLoader.read(yaml, document).orElseThrow();
    Assertions.assertThat(document.problems()).isEmpty();
    return config;
  }

  /** The lines of the refusal. */
  static List<String> problems(String yaml) {
    ConfigException refusal =
        Assertions.catchThrowableOfType(ConfigException.class, () -> parse(yaml));
    Assertions.assertThat(refusal).as("refusal of %s", yaml).isNotNull();
    return refusal.problems();
  }

  static SourceConfig source(String keys) {
    return understood("sources:\n  prod:\n" + keys.indent(4)).sources().get(0);
  }

  static DestinationConfig destination(String keys) {
    return understood("destinations:\n  eu:\n" + keys.indent(4)).destinations().get(0);
  }

  static RuleConfig rule(String rule) {
    return understood("rules:\n  - " + rule).rules().get(0);
  }
}
