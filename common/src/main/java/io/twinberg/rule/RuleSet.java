package io.twinberg.rule;

import io.twinberg.config.ConfigException;
import io.twinberg.config.FileRules;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleMatcher;
import io.twinberg.config.RuleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules of the file and of the API together, at one revision of the latter. */
public final class RuleSet {
  private static final String NOWHERE = "destinations: []";

  private final long revision;
  private final List<LiveRule> rules;
  private final RuleMatcher matcher;

  private RuleSet(long revision, List<LiveRule> rules) {
    this.revision = revision;
    this.rules = List.copyOf(rules);
    this.matcher = new RuleMatcher(deciding());
  }

  /** Puts the file's rules first: of two that cover the same, the file's holds. */
  public static RuleSet of(FileRules file, StoredRules stored) {
    List<LiveRule> rules = new ArrayList<>();
    for (RuleConfig rule : file.rules()) {
      rules.add(
          new LiveRule(
              new RuleOrigin.File(rules.size()),
              rule,
              true,
              false,
              Optional.empty(),
              rule.destinations()));
    }
    stored.rules().forEach(rule -> rules.add(live(file, rule)));
    return new RuleSet(stored.revision(), rules);
  }

  static LiveRule live(FileRules file, StoredRule stored) {
    String source = stored.scope().source();
    Optional<String> problem = Optional.empty();
    RuleConfig written;
    try {
      written = stored.scope().cover(RuleText.read(source, stored.body()));
    } catch (ConfigException e) {
      // Written by another version of Twinberg. Were it left out, a wider rule could copy what it
      // keeps back.
      written = stored.scope().cover(RuleText.read(source, NOWHERE));
      problem =
          Optional.of(
              "it cannot be read, and so replicates nothing: " + String.join("; ", e.problems()));
    }
    List<String> there =
        written.destinations().stream().filter(to -> file.destination(to).isPresent()).toList();
    List<String> gone = new ArrayList<>(written.destinations());
    gone.removeAll(there);
    return new LiveRule(
        new RuleOrigin.Api(stored),
        written,
        stored.enabled(),
        isShadowed(file, written),
        problem.or(() -> missing(file, source, gone)),
        there);
  }

  private static boolean isShadowed(FileRules file, RuleConfig written) {
    return file.rules().stream().anyMatch(rule -> rule.scope().equals(written.scope()));
  }

  private static Optional<String> missing(FileRules file, String source, List<String> gone) {
    if (!file.sources().contains(source)) {
      return Optional.of(
          "the file has no source '%s' any more; there are: %s"
              .formatted(source, String.join(", ", file.sources())));
    }
    if (!gone.isEmpty()) {
      return Optional.of(
          "the file has no destination '%s' any more; there are: %s"
              .formatted(String.join("', '", gone), String.join(", ", file.destinationNames())));
    }
    return Optional.empty();
  }

  /** The revision of the API's rules. */
  public long revision() {
    return revision;
  }

  /** All rules, the file's first. */
  public List<LiveRule> rules() {
    return rules;
  }

  /** Decides about tables. */
  public RuleMatcher matcher() {
    return matcher;
  }

  List<RuleConfig> deciding() {
    return rules.stream().flatMap(rule -> rule.deciding().stream()).toList();
  }
}
