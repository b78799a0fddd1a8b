package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.ListType;
import io.twinberg.config.yaml.Schema;
import io.twinberg.config.yaml.Section;
import io.twinberg.config.yaml.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Which tables of a source go to which destinations.
 *
 * @param namespace absent for the whole catalog; without a table it covers everything below too
 * @param table a name or glob in exactly that namespace
 * @param except tables that go nowhere: one level is the name of a table in any namespace, several
 *     are namespace and table
 * @param destinations none means that what the rule covers is not replicated
 * @param expiryHold how long at most a commit is refused that removes snapshots which a destination
 *     has not applied; empty where none is
 * @param overrides what it says of its replicas, in the place of what their destination says
 */
public record RuleConfig(
    String source,
    Optional<NameGlob> namespace,
    Optional<NameGlob> table,
    List<NameGlob> except,
    List<String> destinations,
    Backfill backfill,
    Optional<Duration> expiryHold,
    RuleOverrides overrides) {
  private static final Duration DEFAULT_HOLD = Duration.ofMinutes(15);
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
  private static final Key<RuleConfig, ExpiryGuard> EXPIRY_GUARD =
      Key.of("expiry-guard", Types.choice(ExpiryGuard.class), "off", RuleConfig::expiryGuard);
  private static final Key<RuleConfig, Duration> EXPIRY_HOLD =
      Key.optional(
          "expiry-hold", Types.DURATION, "`15m` with `expiry-guard: hold`", RuleConfig::expiryHold);
  private static final Key<RuleConfig, Retention> RETENTION =
      Key.optional(
          "retention",
          RetentionKeys.SCHEMA,
          "the destination's",
          rule -> rule.overrides().retention());
  private static final Key<RuleConfig, NamespaceMapping> NAMESPACE_MAPPING =
      Key.optional(
          "namespace-mapping",
          NamespaceMapping.TYPE,
          "the destination's",
          rule -> rule.overrides().namespaceMapping());
  private static final Key<RuleConfig, RefSelection> REFS =
      Key.of("refs", new RefSelectionType(), "all", rule -> rule.overrides().refs());
  private static final Key<RuleConfig, Integer> PRIORITY =
      Key.of(
          "priority",
          Types.PRIORITY,
          String.valueOf(RuleOverrides.USUAL_PRIORITY),
          rule -> rule.overrides().priority());
  private static final Key<RuleConfig, DataSize> BANDWIDTH_LIMIT =
      Key.optional(
          "bandwidth-limit",
          Types.RULE_BANDWIDTH,
          "none",
          rule -> rule.overrides().bandwidthLimit());

  static final Schema<RuleConfig> SCHEMA =
      new Schema<>(
          RuleConfig::read,
          SOURCE,
          NAMESPACE,
          TABLE,
          EXCEPT,
          DESTINATIONS,
          BACKFILL,
          EXPIRY_GUARD,
          EXPIRY_HOLD,
          RETENTION,
          NAMESPACE_MAPPING,
          REFS,
          PRIORITY,
          BANDWIDTH_LIMIT);

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
    if (expiryHold.isPresent() && destinations.isEmpty()) {
      throw new IllegalArgumentException("'expiry-guard: hold' has no effect without destinations");
    }
    if (!overrides.equals(RuleOverrides.NONE) && destinations.isEmpty()) {
      throw new IllegalArgumentException(
          "settings for replicas have no effect without destinations");
    }
  }

  /** A rule whose replicas are as their destinations say. */
  public RuleConfig(
      String source,
      Optional<NameGlob> namespace,
      Optional<NameGlob> table,
      List<NameGlob> except,
      List<String> destinations,
      Backfill backfill,
      Optional<Duration> expiryHold) {
    this(source, namespace, table, except, destinations, backfill, expiryHold, RuleOverrides.NONE);
  }

  /** The rule that sends everything of a source to one destination. */
  public static RuleConfig wholeCatalog(String source, String destination) {
    return new RuleConfig(
        source,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(destination),
        Backfill.ORDERED,
        Optional.empty());
  }

  /** The same rule for something else. */
  public RuleConfig covering(
      String otherSource, Optional<NameGlob> otherNamespace, Optional<NameGlob> otherTable) {
    return new RuleConfig(
        otherSource,
        otherNamespace,
        otherTable,
        except,
        destinations,
        backfill,
        expiryHold,
        overrides);
  }

  /** The same rule with other destinations; without any it has no replicas to say anything of. */
  public RuleConfig to(List<String> others) {
    return new RuleConfig(
        source,
        namespace,
        table,
        except,
        others,
        backfill,
        others.isEmpty() ? Optional.empty() : expiryHold,
        others.isEmpty() ? RuleOverrides.NONE : overrides);
  }

  /** What the rule covers; no two rules of a file cover the same. */
  public Object scope() {
    return List.of(source, namespace, table);
  }

  /** Whether a table of the rule's source is one that the rule decides about, or excepts. */
  public boolean covers(TableIdentifier name) {
    List<String> levels = List.of(name.namespace().levels());
    return table
        .map(glob -> glob.matches(List.of(name.name())) && namespace.orElseThrow().matches(levels))
        .orElseGet(() -> namespace.map(glob -> glob.covers(levels)).orElse(true));
  }

  /** Whether the rule has a say in where a namespace of its source stands. */
  public boolean covers(Namespace name) {
    List<String> levels = List.of(name.levels());
    return table.isPresent()
        ? namespace.orElseThrow().matches(levels)
        : namespace.map(glob -> glob.covers(levels)).orElse(true);
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
        section.get(BACKFILL),
        expiryHold(section),
        new RuleOverrides(
            section.find(RETENTION),
            section.find(NAMESPACE_MAPPING),
            section.get(REFS),
            section.get(PRIORITY),
            section.find(BANDWIDTH_LIMIT)));
  }

  private static Optional<Duration> expiryHold(Section section) {
    Optional<Duration> written = section.find(EXPIRY_HOLD);
    if (section.get(EXPIRY_GUARD) == ExpiryGuard.HOLD) {
      return written.or(() -> Optional.of(DEFAULT_HOLD));
    }
    if (written.isPresent()) {
      throw new IllegalArgumentException(
          "'expiry-hold' has no effect without 'expiry-guard: hold'");
    }
    return Optional.empty();
  }

  private ExpiryGuard expiryGuard() {
    return expiryHold.isPresent() ? ExpiryGuard.HOLD : ExpiryGuard.OFF;
  }

  private static IllegalArgumentException noSource() {
    return new IllegalArgumentException("'source' must be written, for no source is the default");
  }
}
