package io.twinberg.rule;

import io.twinberg.config.RuleConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Which tables and namespaces of one source a change of rules may touch: those that a rule covers
 * which came, went or was changed. All others are decided about as before.
 */
public record RuleDifference(List<RuleConfig> changed) {
  /** Touches nothing. */
  public static final RuleDifference NOTHING = new RuleDifference(List.of());

  private static final int MOST = 1000;

  /** Copies the list. */
  public RuleDifference {
    changed = List.copyOf(changed);
  }

  static RuleDifference between(List<RuleConfig> before, List<RuleConfig> after) {
    Set<RuleConfig> old = new HashSet<>(before);
    Set<RuleConfig> now = new HashSet<>(after);
    return new RuleDifference(
        Stream.concat(
                before.stream().filter(rule -> !now.contains(rule)),
                after.stream().filter(rule -> !old.contains(rule)))
            .toList());
  }

  /** Touches all of a source. */
  public static RuleDifference everything(String source) {
    return new RuleDifference(List.of(RuleConfig.wholeCatalog(source, source)));
  }

  /** Both; where that gets long, everything of their source. */
  public RuleDifference and(RuleDifference later) {
    List<RuleConfig> both =
        Stream.concat(changed.stream(), later.changed().stream()).distinct().toList();
    return both.size() > MOST ? everything(both.get(0).source()) : new RuleDifference(both);
  }

  /** Whether it touches nothing. */
  public boolean isNothing() {
    return changed.isEmpty();
  }

  /** The sources whose rules changed. */
  Set<String> sources() {
    Set<String> sources = new HashSet<>();
    changed.forEach(rule -> sources.add(rule.source()));
    return sources;
  }

  /** The part of it that concerns one source. */
  RuleDifference of(String source) {
    return new RuleDifference(
        changed.stream().filter(rule -> rule.source().equals(source)).toList());
  }

  /** Whether it may touch a table. */
  public boolean touches(TableIdentifier table) {
    return changed.stream().anyMatch(rule -> rule.covers(table));
  }

  /** Whether it may touch a namespace itself. */
  public boolean touches(Namespace namespace) {
    return changed.stream().anyMatch(rule -> rule.covers(namespace));
  }
}
