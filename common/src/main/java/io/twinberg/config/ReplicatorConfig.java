package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.Schema;
import java.time.Duration;

/**
 * How hard the replicator works.
 *
 * @param lanes replicas that are worked on at once
 * @param copies files that are copied at once, over all lanes
 * @param retryInitial the wait after a replica's first failure; it doubles with each further one
 * @param retryMax the longest such wait
 * @param deletionInterval the time between two looks for files of a replica that nothing names
 * @param metadataTreeLimit the largest metadata file that is replicated
 * @param groupHold how long the tables of one transaction wait for each other at a destination
 */
public record ReplicatorConfig(
    int lanes,
    int copies,
    Duration retryInitial,
    Duration retryMax,
    Duration deletionInterval,
    DataSize metadataTreeLimit,
    Duration groupHold) {
  private static final Key<ReplicatorConfig, Integer> LANES =
      Key.of("lanes", Types.COUNT, "8", ReplicatorConfig::lanes);
  private static final Key<ReplicatorConfig, Integer> COPIES =
      Key.of("copies", Types.COUNT, "16", ReplicatorConfig::copies);
  private static final Key<ReplicatorConfig, Duration> RETRY_INITIAL =
      Key.of("retry-initial", Types.DURATION, "1s", ReplicatorConfig::retryInitial);
  private static final Key<ReplicatorConfig, Duration> RETRY_MAX =
      Key.of("retry-max", Types.DURATION, "30s", ReplicatorConfig::retryMax);
  private static final Key<ReplicatorConfig, Duration> DELETION_INTERVAL =
      Key.of("deletion-interval", Types.DURATION, "1d", ReplicatorConfig::deletionInterval);
  private static final Key<ReplicatorConfig, DataSize> METADATA_TREE_LIMIT =
      Key.of("metadata-tree-limit", Types.SIZE, "512MiB", ReplicatorConfig::metadataTreeLimit);

  private static final Key<ReplicatorConfig, Duration> GROUP_HOLD =
      Key.of("group-hold", Types.DURATION, "15m", ReplicatorConfig::groupHold);

  static final Schema<ReplicatorConfig> SCHEMA =
      new Schema<>(
          section ->
              new ReplicatorConfig(
                  section.get(LANES),
                  section.get(COPIES),
                  section.get(RETRY_INITIAL),
                  section.get(RETRY_MAX),
                  section.get(DELETION_INTERVAL),
                  section.get(METADATA_TREE_LIMIT),
                  section.get(GROUP_HOLD)),
          LANES,
          COPIES,
          RETRY_INITIAL,
          RETRY_MAX,
          DELETION_INTERVAL,
          METADATA_TREE_LIMIT,
          GROUP_HOLD);

  public ReplicatorConfig {
    if (retryMax.compareTo(retryInitial) < 0) {
      throw new IllegalArgumentException("'retry-max' must not be shorter than 'retry-initial'");
    }
  }
}
