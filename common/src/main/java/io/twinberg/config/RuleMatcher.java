package io.twinberg.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Finds the one rule that decides about a table: the narrowest that covers it, which replaces all
 * wider ones whole, its exceptions included.
 *
 * <p>A rule for a table is narrower than one for a namespace, that than one for the catalog. Among
 * rules of a kind the one that demands more levels is narrower, then the one with more literal
 * characters, then the one with fewer wildcards, then the one that stands first.
 */
public final class RuleMatcher {
  private static final Comparator<RuleConfig> NARROWEST_FIRST =
      Comparator.comparing((RuleConfig rule) -> rule.table().isPresent())
          .thenComparing(rule -> rule.namespace().isPresent())
          .thenComparing(rule -> total(rule, NameGlob::depth))
          .thenComparing(rule -> total(rule, NameGlob::literals))
          .thenComparing(rule -> -total(rule, NameGlob::wildcards))
          .reversed();

  private final Map<String, List<RuleConfig>> rules;

  public RuleMatcher(List<RuleConfig> rules) {
    this.rules =
        rules.stream().sorted(NARROWEST_FIRST).collect(Collectors.groupingBy(RuleConfig::source));
  }

  /** The names of the destinations of a table; none if no rule covers it or its rule excepts it. */
  public List<String> destinations(String source, TableIdentifier table) {
    return rule(source, table).map(RuleConfig::destinations).orElse(List.of());
  }

  /** The names of the destinations of a table. */
  public List<String> destinations(String source, Namespace namespace, String table) {
    return destinations(source, TableIdentifier.of(namespace, table));
  }

  /**
   * The names of the destinations of a namespace itself, even when it is empty: those of the rule
   * that decides about the tables in it that no rule names, and those of the rules that name tables
   * of just this namespace.
   */
  public List<String> destinations(String source, Namespace namespace) {
    return rules(source, namespace).stream()
        .flatMap(rule -> rule.destinations().stream())
        .distinct()
        .toList();
  }

  /** The rules of {@link #destinations(String, Namespace)}, the deciding one first. */
  public List<RuleConfig> rules(String source, Namespace namespace) {
    List<String> levels = List.of(namespace.levels());
    List<RuleConfig> ofSource = rules.getOrDefault(source, List.of());
    Stream<RuleConfig> deciding =
        ofSource.stream()
            .filter(rule -> rule.table().isEmpty())
            .filter(rule -> rule.namespace().map(glob -> glob.covers(levels)).orElse(true))
            .limit(1);
    Stream<RuleConfig> naming =
        ofSource.stream()
            .filter(rule -> rule.table().isPresent())
            .filter(rule -> rule.namespace().orElseThrow().levels().equals(levels));
    return Stream.concat(deciding, naming).toList();
  }

  /** The rule that decides about a table, unless it excepts the table. */
  public Optional<RuleConfig> rule(String source, TableIdentifier table) {
    return rules.getOrDefault(source, List.of()).stream()
        .filter(rule -> rule.covers(table))
        .findFirst()
        .filter(rule -> rule.except().stream().noneMatch(glob -> excepts(glob, table)));
  }

  private static boolean excepts(NameGlob glob, TableIdentifier table) {
    if (glob.levels().size() == 1) {
      return glob.matches(List.of(table.name()));
    }
    List<String> full = new ArrayList<>(List.of(table.namespace().levels()));
    full.add(table.name());
    return glob.matches(full);
  }

  private static int total(RuleConfig rule, ToIntFunction<NameGlob> count) {
    return Stream.of(rule.namespace(), rule.table())
        .flatMap(Optional::stream)
        .mapToInt(count)
        .sum();
  }
}
