package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.ListType;
import io.twinberg.config.yaml.Schema;
import io.twinberg.config.yaml.Section;
import io.twinberg.config.yaml.ValueType;
import java.util.List;
import java.util.Optional;

/**
 * Which tables of a source go to which destinations.
 *
 * @param namespace absent for the whole catalog; without a table it covers everything below too
 * @param table a name or glob in exactly that namespace
 * @param except tables that go nowhere: one level is the name of a table in any namespace, several
 *     are namespace and table
 * @param destinations none means that what the rule covers is not replicated
 */
public record RuleConfig(
    String source,
    Optional<NameGlob> namespace,
    Optional<NameGlob> table,
    List<NameGlob> except,
    List<String> destinations,
    Backfill backfill) {
  private static final ValueType<NameGlob> GLOB = new GlobType();
  private static final Key<RuleConfig, String> SOURCE =
      Key.optional("source", Types.NAME, "the default source", rule -> Optional.of(rule.source()));
  private static final Key<RuleConfig, NameGlob> NAMESPACE =
      Key.optional("namespace", GLOB, "the whole catalog", RuleConfig::namespace);
  private static final Key<RuleConfig, NameGlob> TABLE =
      Key.optional("table", GLOB, "all tables", RuleConfig::table);
  private static final Key<RuleConfig, List<NameGlob>> EXCEPT =
      Key.of("except", ListType.of(GLOB), "[]", RuleConfig::except);
  private static final Key<RuleConfig, List<String>> DESTINATIONS =
      Key.required("destinations", ListType.of(Types.NAME), RuleConfig::destinations);
  private static final Key<RuleConfig, Backfill> BACKFILL =
      Key.of("backfill", Types.choice(Backfill.class), "ordered", RuleConfig::backfill);

  static final Schema<RuleConfig> SCHEMA =
      new Schema<>(RuleConfig::read, SOURCE, NAMESPACE, TABLE, EXCEPT, DESTINATIONS, BACKFILL);

  public RuleConfig {
    except = List.copyOf(except);
    destinations = destinations.stream().distinct().toList();
    if (table.isPresent() && namespace.isEmpty()) {
      throw new IllegalArgumentException("a rule with 'table' needs 'namespace'");
    }
    if (table.isPresent() && table.get().levels().size() != 1) {
      throw new IllegalArgumentException(
          "'table' must be one level; its namespace belongs into 'namespace'");
    }
  }

  /** The rule that sends everything of a source to one destination. */
  public static RuleConfig wholeCatalog(String source, String destination) {
    return new RuleConfig(
        source,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(destination),
        Backfill.ORDERED);
  }

  /** What the rule covers; no two rules cover the same. */
  Object scope() {
    return List.of(source, namespace, table);
  }

  private static RuleConfig read(Section section) {
    return new RuleConfig(
        section
            .find(SOURCE)
            .or(() -> ServedNames.of(section.place().document()).defaultSource())
            .orElseThrow(RuleConfig::noSource),
        section.find(NAMESPACE),
        section.find(TABLE),
        section.get(EXCEPT),
        section.get(DESTINATIONS),
        section.get(BACKFILL));
  }

  private static IllegalArgumentException noSource() {
    return new IllegalArgumentException("'source' must be written, for no source is the default");
  }
}
