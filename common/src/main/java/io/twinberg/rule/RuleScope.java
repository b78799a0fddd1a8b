package io.twinberg.rule;

import io.twinberg.config.NameGlob;
import io.twinberg.config.RuleConfig;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.database.PathHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * What a rule of the API covers: exactly one catalog, namespace (with everything below) or table.
 *
 * @param namespace absent for the whole catalog
 * @param table absent for the whole namespace
 */
public record RuleScope(String source, Optional<Namespace> namespace, Optional<String> table) {
  private static final int LONGEST_NAMESPACE = 2000;
  private static final int LONGEST_TABLE = 1000;
  private static final Pattern PATTERN_CHARACTER = Pattern.compile("[*?\\[\\]{}\\\\]");

  /**
   * Refuses names that a rule could not cover exactly.
   *
   * @throws IllegalArgumentException with the reason
   */
  public RuleScope {
    if (table.isPresent() && namespace.isEmpty()) {
      throw new IllegalArgumentException("a table needs its namespace");
    }
    namespace.ifPresent(RuleScope::check);
    table.ifPresent(name -> check("table", name, LONGEST_TABLE));
  }

  /** Everything of a source. */
  public static RuleScope catalog(String source) {
    return new RuleScope(source, Optional.empty(), Optional.empty());
  }

  /** Everything in and below a namespace. */
  public static RuleScope namespace(String source, Namespace namespace) {
    return new RuleScope(source, Optional.of(namespace), Optional.empty());
  }

  /** One table. */
  public static RuleScope table(String source, TableIdentifier table) {
    return new RuleScope(source, Optional.of(table.namespace()), Optional.of(table.name()));
  }

  private static void check(Namespace namespace) {
    if (namespace.isEmpty()) {
      throw new IllegalArgumentException("a namespace has at least one level");
    }
    for (String level : namespace.levels()) {
      check("namespace", level, LONGEST_NAMESPACE);
    }
    if (NamespaceColumn.of(namespace).length() > LONGEST_NAMESPACE) {
      throw new IllegalArgumentException("a namespace has at most 2,000 characters");
    }
  }

  private static void check(String what, String name, int longest) {
    if (name.isEmpty() || name.length() > longest) {
      throw new IllegalArgumentException(
          "the name of a %s has 1 to %d characters".formatted(what, longest));
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("the name of a " + what + " has no control characters");
    }
    if (PATTERN_CHARACTER.matcher(name).find()) {
      // Taken literally, a rule made for 'tmp_*' would silently cover nothing of what was meant.
      throw new IllegalArgumentException(
          "'%s' has one of * ? [ ] { } \\: a rule of the API covers one %s by its exact name. Patterns go into 'except' here, or into a rule of the file"
              .formatted(name, what));
    }
  }

  /** A rule for just this. */
  public RuleConfig cover(RuleConfig rule) {
    return rule.covering(
        source,
        namespace.map(levels -> new NameGlob(List.of(levels.levels()))),
        table.map(name -> new NameGlob(List.of(name))));
  }

  /** Whether it covers a table of its source. */
  public boolean covers(TableIdentifier name) {
    return table.isPresent()
        ? name.equals(TableIdentifier.of(namespace.orElseThrow(), table.get()))
        : namespace.map(above -> isBelow(name.namespace(), above)).orElse(true);
  }

  private static boolean isBelow(Namespace namespace, Namespace above) {
    List<String> levels = List.of(namespace.levels());
    List<String> first = List.of(above.levels());
    return levels.size() >= first.size() && levels.subList(0, first.size()).equals(first);
  }

  /** What a rule that covers just this has for its {@link RuleConfig#scope}. */
  public Object key() {
    return cover(RuleConfig.wholeCatalog(source, source)).scope();
  }

  String hash() {
    return PathHash.of(
        namespace.map(NamespaceColumn::of).orElse("") + table.map(name -> "\n" + name).orElse(""));
  }

  /** For people, such as {@code table sales.orders of prod}. */
  @Override
  public String toString() {
    List<String> levels = new ArrayList<>();
    namespace.ifPresent(name -> levels.addAll(List.of(name.levels())));
    table.ifPresent(levels::add);
    if (levels.isEmpty()) {
      return "source " + source;
    }
    String kind = table.isPresent() ? "table " : "namespace ";
    return kind + String.join(".", levels) + " of " + source;
  }
}
