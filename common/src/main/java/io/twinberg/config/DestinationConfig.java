package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.Schema;
import java.time.Duration;
import java.util.Optional;

/**
 * A place for replicas.
 *
 * @param root where they lie, without a slash at its end
 * @param storage how the replicator writes there
 * @param client what readers of the replicas are handed, never anything else
 * @param deletionGrace how long a file stays for readers after the last version that names it
 * @param bandwidthLimit how many bytes a second the replicator writes there at most
 * @param lagObjective how soon after its commit a version should be readable there
 */
public record DestinationConfig(
    String name,
    String root,
    StorageConfig storage,
    StorageConfig client,
    Retention retention,
    Duration deletionGrace,
    NamespaceMapping namespaceMapping,
    Optional<DataSize> bandwidthLimit,
    Optional<Duration> lagObjective) {
  static final Duration DEFAULT_DELETION_GRACE = Duration.ofDays(1);

  private static final Key<DestinationConfig, String> ROOT =
      Key.required("root", Types.LOCATION, DestinationConfig::root);
  private static final Key<DestinationConfig, StorageConfig> STORAGE =
      Key.of("storage", StorageConfig.TYPE, "{}", DestinationConfig::storage);
  private static final Key<DestinationConfig, StorageConfig> CLIENT =
      Key.of("client", StorageConfig.TYPE, "{}", DestinationConfig::client);
  private static final Key<DestinationConfig, Retention> RETENTION =
      Key.required("retention", RetentionKeys.SCHEMA, DestinationConfig::retention);
  private static final Key<DestinationConfig, Duration> DELETION_GRACE =
      Key.of(
          "deletion-grace",
          Types.DURATION,
          Durations.format(DEFAULT_DELETION_GRACE),
          DestinationConfig::deletionGrace);
  private static final Key<DestinationConfig, NamespaceMapping> NAMESPACE_MAPPING =
      Key.of(
          "namespace-mapping",
          NamespaceMapping.TYPE,
          "\"{namespace}\"",
          DestinationConfig::namespaceMapping);
  private static final Key<DestinationConfig, DataSize> BANDWIDTH_LIMIT =
      Key.optional("bandwidth-limit", Types.SIZE, "none", DestinationConfig::bandwidthLimit);
  private static final Key<DestinationConfig, Duration> LAG_OBJECTIVE =
      Key.optional("lag-objective", Types.DURATION, "none", DestinationConfig::lagObjective);

  static final Schema<DestinationConfig> SCHEMA =
      new Schema<>(
          section ->
              new DestinationConfig(
                  section.place().name(),
                  section.get(ROOT),
                  section.get(STORAGE),
                  section.get(CLIENT),
                  section.get(RETENTION),
                  section.get(DELETION_GRACE),
                  section.get(NAMESPACE_MAPPING),
                  section.find(BANDWIDTH_LIMIT),
                  section.find(LAG_OBJECTIVE)),
          ROOT,
          STORAGE,
          CLIENT,
          RETENTION,
          DELETION_GRACE,
          NAMESPACE_MAPPING,
          BANDWIDTH_LIMIT,
          LAG_OBJECTIVE);
}
