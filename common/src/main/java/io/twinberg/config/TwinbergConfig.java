package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.ListType;
import io.twinberg.config.yaml.NamedType;
import io.twinberg.config.yaml.Place;
import io.twinberg.config.yaml.Schema;
import io.twinberg.config.yaml.Section;
import io.twinberg.config.yaml.YamlText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that {@code twinberg.yaml} says, with defaults filled in and references resolved.
 *
 * @param file what messages call the file
 * @param logRetention how long the database keeps what is done
 * @param auditRetention how long the audit keeps its entries
 */
public record TwinbergConfig(
    String file,
    ServerConfig server,
    ManagementConfig management,
    Path dataDir,
    Optional<DatabaseConfig> database,
    Duration logRetention,
    Duration auditRetention,
    Optional<AccessConfig> access,
    List<SourceConfig> sources,
    List<DestinationConfig> destinations,
    List<RuleConfig> rules,
    ReplicatorConfig replicator,
    ReconcileConfig reconcile) {
  static final String DEFAULT_SOURCE = "main";
  static final String DEFAULT_DESTINATION = "replica";

  private static final Key<TwinbergConfig, ServerConfig> SERVER =
      Key.of("server", ServerConfig.SCHEMA, "{}", TwinbergConfig::server);
  private static final Key<TwinbergConfig, ManagementConfig> MANAGEMENT =
      Key.of("management", ManagementConfig.SCHEMA, "{}", TwinbergConfig::management);
  private static final Key<TwinbergConfig, Path> DATA_DIR =
      Key.of("data-dir", Types.FOLDER, "./twinberg-data", TwinbergConfig::dataDir);
  private static final Key<TwinbergConfig, DatabaseConfig> DATABASE =
      Key.optional("database", DatabaseConfig.SCHEMA, "H2 in `data-dir`", TwinbergConfig::database);
  private static final Key<TwinbergConfig, Duration> LOG_RETENTION =
      Key.of("log-retention", Types.DURATION, "30d", TwinbergConfig::logRetention);
  private static final Key<TwinbergConfig, Duration> AUDIT_RETENTION =
      Key.of("audit-retention", Types.DURATION, "400d", TwinbergConfig::auditRetention);
  private static final Key<TwinbergConfig, AccessConfig> ACCESS =
      Key.optional(
          "access", AccessConfig.SCHEMA, "open, on loopback hosts only", TwinbergConfig::access);
  private static final Key<TwinbergConfig, List<SourceConfig>> SOURCES =
      Key.optional(
          "sources",
          new NamedType<>(SourceConfig.SCHEMA, SourceConfig::name),
          "one embedded source `main`",
          config -> Optional.of(config.sources()));
  private static final Key<TwinbergConfig, List<DestinationConfig>> DESTINATIONS =
      Key.optional(
          "destinations",
          new NamedType<>(DestinationConfig.SCHEMA, DestinationConfig::name),
          "one destination `replica` in `<data-dir>/replica`, retention forever",
          config -> Optional.of(config.destinations()));
  private static final Key<TwinbergConfig, List<RuleConfig>> RULES =
      Key.optional(
          "rules",
          ListType.distinct(RuleConfig.SCHEMA, RuleConfig::scope, "covers the same as"),
          "all of `main` to `replica` if neither sources nor destinations are written, else none",
          config -> Optional.of(config.rules()));
  private static final Key<TwinbergConfig, ReplicatorConfig> REPLICATOR =
      Key.of("replicator", ReplicatorConfig.SCHEMA, "{}", TwinbergConfig::replicator);
  private static final Key<TwinbergConfig, ReconcileConfig> RECONCILE =
      Key.of("reconcile", ReconcileConfig.SCHEMA, "{}", TwinbergConfig::reconcile);

  static final Schema<TwinbergConfig> SCHEMA =
      new Schema<>(
          TwinbergConfig::read,
          SERVER,
          MANAGEMENT,
          DATA_DIR,
          DATABASE,
          LOG_RETENTION,
          AUDIT_RETENTION,
          ACCESS,
          SOURCES,
          DESTINATIONS,
          RULES,
          REPLICATOR,
          RECONCILE);

  public TwinbergConfig {
    sources = List.copyOf(sources);
    destinations = List.copyOf(destinations);
    rules = List.copyOf(rules);
  }

  public Optional<SourceConfig> source(String name) {
    return sources.stream().filter(source -> source.name().equals(name)).findFirst();
  }

  /** The source for calls that name none. */
  public Optional<SourceConfig> defaultSource() {
    return sources.stream().filter(SourceConfig::isDefault).findFirst();
  }

  public Optional<DestinationConfig> destination(String name) {
    return destinations.stream().filter(destination -> destination.name().equals(name)).findFirst();
  }

  /** The rules, and the ends that they are about. */
  public FileRules fileRules() {
    return new FileRules(
        file, rules, sources.stream().map(SourceConfig::name).toList(), destinations);
  }

  /** The effective configuration as YAML for the log, secrets masked. */
  public String masked() {
    return YamlText.dump(SCHEMA.show(this));
  }

  private static TwinbergConfig read(Section section) {
    Path dataDir = section.get(DATA_DIR);
    return new TwinbergConfig(
        section.place().document().name(),
        section.get(SERVER),
        section.get(MANAGEMENT),
        dataDir,
        section.find(DATABASE),
        section.get(LOG_RETENTION),
        section.get(AUDIT_RETENTION),
        section.find(ACCESS),
        completed(section.find(SOURCES).orElseGet(() -> List.of(defaultSource(section))), dataDir),
        section.find(DESTINATIONS).orElseGet(() -> List.of(defaultDestination(dataDir))),
        section.find(RULES).orElseGet(() -> defaultRules(section)),
        section.get(REPLICATOR),
        section.get(RECONCILE));
  }

  private static List<SourceConfig> completed(List<SourceConfig> sources, Path dataDir) {
    return sources.stream().map(source -> source.completed(dataDir, sources.size() == 1)).toList();
  }

  private static SourceConfig defaultSource(Section section) {
    Place detached =
        new Place(
            section.place().document(), DEFAULT_SOURCE, DEFAULT_SOURCE, section.place().line());
    return SourceConfig.SCHEMA.defaults(detached);
  }

  private static DestinationConfig defaultDestination(Path dataDir) {
    return new DestinationConfig(
        DEFAULT_DESTINATION,
        Locations.of(dataDir.resolve(DEFAULT_DESTINATION)),
        StorageConfig.NONE,
        StorageConfig.NONE,
        new Retention.Forever(),
        DestinationConfig.DEFAULT_DELETION_GRACE,
        NamespaceMapping.SAME,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Nobody's own source is copied anywhere unasked: only the two default ends get a default rule.
   */
  private static List<RuleConfig> defaultRules(Section section) {
    if (section.find(SOURCES).isPresent() || section.find(DESTINATIONS).isPresent()) {
      return List.of();
    }
    return List.of(RuleConfig.wholeCatalog(DEFAULT_SOURCE, DEFAULT_DESTINATION));
  }
}
