package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.Schema;
import io.twinberg.config.yaml.Section;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A source catalog with its own storage settings.
 *
 * @param uri its Iceberg REST URI; absent for the embedded catalog
 * @param warehouse what the upstream's {@code /v1/config} is asked for; for the embedded catalog
 *     its root location, always present
 * @param allowedLocations prefixes with a slash at their end; empty only where the root of the
 *     warehouse is not known from the file
 * @param forwardLimit how many forwarded calls may be in flight at once
 * @param onLogFailure empty where the source decides: one that names no earlier files takes no
 *     commit while the log is away
 */
public record SourceConfig(
    String name,
    boolean isDefault,
    Optional<URI> uri,
    Optional<String> warehouse,
    SourceAuth auth,
    Forward forward,
    Optional<SourceAuth> forwardAuth,
    int forwardLimit,
    Duration forwardTimeout,
    Optional<OnLogFailure> onLogFailure,
    SourceCredentials credentials,
    StorageConfig storage,
    List<String> allowedLocations) {
  private static final Key<SourceConfig, Boolean> DEFAULT =
      Key.of("default", Types.SWITCH, "false", SourceConfig::isDefault);
  private static final Key<SourceConfig, URI> URI_KEY =
      Key.optional("uri", Types.HTTP_URI, "the embedded catalog", SourceConfig::uri);
  private static final Key<SourceConfig, String> WAREHOUSE =
      Key.optional(
          "warehouse",
          Types.TEXT,
          "embedded: `<data-dir>/warehouse/<name>`; else none",
          SourceConfig::warehouse);
  private static final Key<SourceConfig, SourceAuth> AUTH =
      Key.of("auth", SourceAuthType.TYPE, "{}", SourceConfig::auth);
  private static final Key<SourceConfig, Forward> FORWARD =
      Key.of("forward", Types.choice(Forward.class), "client", SourceConfig::forward);
  private static final Key<SourceConfig, SourceAuth> FORWARD_AUTH =
      Key.optional(
          "forward-auth",
          SourceAuthType.TYPE,
          "must be written with `forward: twinberg`",
          SourceConfig::forwardAuth);
  private static final Key<SourceConfig, Integer> FORWARD_LIMIT =
      Key.of("forward-limit", Types.COUNT, "64", SourceConfig::forwardLimit);
  private static final Key<SourceConfig, Duration> FORWARD_TIMEOUT =
      Key.of("forward-timeout", Types.DURATION, "60s", SourceConfig::forwardTimeout);
  private static final Key<SourceConfig, OnLogFailure> ON_LOG_FAILURE =
      Key.optional(
          "on-log-failure",
          Types.choice(OnLogFailure.class),
          "`reject` where the source's metadata names no earlier files (Nessie), else `forward`",
          SourceConfig::onLogFailure);
  private static final Key<SourceConfig, SourceCredentials> CREDENTIALS =
      Key.of(
          "credentials",
          Types.choice(SourceCredentials.class),
          "static",
          SourceConfig::credentials);
  private static final Key<SourceConfig, StorageConfig> STORAGE =
      Key.of("storage", StorageConfig.TYPE, "{}", SourceConfig::storage);
  private static final Key<SourceConfig, List<String>> ALLOWED_LOCATIONS =
      Key.optional(
          "allowed-locations",
          Types.LOCATIONS,
          "the root of the warehouse where it is known",
          source -> Optional.of(source.allowedLocations()).filter(all -> !all.isEmpty()));

  static final Schema<SourceConfig> SCHEMA =
      new Schema<>(
          SourceConfig::read,
          DEFAULT,
          URI_KEY,
          WAREHOUSE,
          AUTH,
          FORWARD,
          FORWARD_AUTH,
          FORWARD_LIMIT,
          FORWARD_TIMEOUT,
          ON_LOG_FAILURE,
          CREDENTIALS,
          STORAGE,
          ALLOWED_LOCATIONS);

  public SourceConfig {
    allowedLocations = allowedLocations.stream().map(Locations::asPrefix).toList();
  }

  /** Whether Twinberg itself is the catalog. */
  public boolean isEmbedded() {
    return uri.isEmpty();
  }

  /** Fills in what depends on the rest of the file. */
  SourceConfig completed(Path dataDir, boolean only) {
    Path folder = dataDir.resolve("warehouse").resolve(name);
    Optional<String> root =
        isEmbedded() ? warehouse.or(() -> Optional.of(Locations.of(folder))) : warehouse;
    return new SourceConfig(
        name,
        isDefault || only,
        uri,
        root,
        auth,
        forward,
        forwardAuth,
        forwardLimit,
        forwardTimeout,
        onLogFailure,
        credentials,
        storage,
        allowedLocations.isEmpty()
            ? root.filter(Locations::isLocation).stream().toList()
            : allowedLocations);
  }

  private static SourceConfig read(Section section) {
    Optional<URI> uri = section.find(URI_KEY);
    Optional<String> warehouse = section.find(WAREHOUSE);
    return new SourceConfig(
        section.place().name(),
        section.get(DEFAULT),
        uri,
        uri.isPresent() ? warehouse : warehouse.map(text -> root(text, section)),
        section.get(AUTH),
        section.get(FORWARD),
        section.find(FORWARD_AUTH),
        section.get(FORWARD_LIMIT),
        section.get(FORWARD_TIMEOUT),
        section.find(ON_LOG_FAILURE),
        section.get(CREDENTIALS),
        section.get(STORAGE),
        section.find(ALLOWED_LOCATIONS).orElse(List.of()));
  }

  private static String root(String text, Section section) {
    try {
      return Locations.parse(text, section.place().document().references());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("warehouse of an embedded catalog " + e.getMessage(), e);
    }
  }
}
