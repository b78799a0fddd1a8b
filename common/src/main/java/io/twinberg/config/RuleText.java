package io.twinberg.config;

import io.twinberg.config.yaml.Document;
import io.twinberg.config.yaml.Place;
import io.twinberg.config.yaml.Problem;
import io.twinberg.config.yaml.References;
import io.twinberg.config.yaml.YamlText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rules outside a file, as YAML or JSON with the keys of {@code rules}; what such a rule covers is
 * said elsewhere.
 */
public final class RuleText {
  private static final List<String> SCOPE = List.of("source", "namespace", "table");

  private RuleText() {}

  /**
   * Reads a rule that covers a whole source. References in it are refused: whoever wrote it must
   * not get at the files and the environment of this host.
   *
   * @throws ConfigException with one line for each thing that is wrong
   */
  public static RuleConfig read(String source, String text) {
    Document document = new Document("", References.none());
    Optional<RuleConfig> rule =
        YamlText.compose(text, document)
            .flatMap(root -> RuleConfig.SCHEMA.read(root, document.root()));
    SCOPE.stream().flatMap(key -> document.place(key).stream()).forEach(RuleText::refuse);
    List<String> problems = document.problems().stream().map(RuleText::line).toList();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return rule.orElseThrow().covering(source, Optional.empty(), Optional.empty());
  }

  /** The keys of a rule, defaults filled in, without those that say what it covers. */
  public static Map<String, Object> show(RuleConfig rule) {
    Map<String, Object> keys = new LinkedHashMap<>(RuleConfig.SCHEMA.show(rule));
    SCOPE.forEach(keys::remove);
    return keys;
  }

  private static void refuse(Place key) {
    key.problem("the path says what the rule covers; leave it out");
  }

  private static String line(Problem problem) {
    return problem.path().isEmpty() ? problem.message() : problem.path() + ": " + problem.message();
  }
}
