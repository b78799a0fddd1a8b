package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.Schema;
import io.twinberg.config.yaml.Section;
import java.time.Duration;
import java.util.Optional;

/** The keys of {@code retention}: one that keeps everything, or two that set a bound. */
final class RetentionKeys {
  /** The one thing that {@code snapshots} can say. */
  private enum Snapshots {
    FOREVER
  }

  private static final Key<Retention, Snapshots> SNAPSHOTS =
      Key.optional(
          "snapshots",
          Types.choice(Snapshots.class),
          "`max-snapshot-age` decides",
          RetentionKeys::snapshots);
  private static final Key<Retention, Duration> MAX_SNAPSHOT_AGE =
      Key.optional(
          "max-snapshot-age",
          Types.DURATION,
          "`snapshots` decides",
          retention -> bounded(retention).map(Retention.Bounded::maxSnapshotAge));
  private static final Key<Retention, Integer> MIN_SNAPSHOTS_TO_KEEP =
      Key.optional(
          "min-snapshots-to-keep",
          Types.COUNT,
          "`1`",
          retention -> bounded(retention).map(Retention.Bounded::minSnapshotsToKeep));

  static final Schema<Retention> SCHEMA =
      new Schema<>(RetentionKeys::read, SNAPSHOTS, MAX_SNAPSHOT_AGE, MIN_SNAPSHOTS_TO_KEEP);

  private RetentionKeys() {}

  private static Retention read(Section section) {
    Optional<Duration> age = section.find(MAX_SNAPSHOT_AGE);
    Optional<Integer> least = section.find(MIN_SNAPSHOTS_TO_KEEP);
    boolean forever = section.find(SNAPSHOTS).isPresent();
    if (forever == age.isPresent() || (forever && least.isPresent())) {
      throw new IllegalArgumentException(
          "must say either 'snapshots: forever' or 'max-snapshot-age' with 'min-snapshots-to-keep'");
    }
    return age.<Retention>map(it -> new Retention.Bounded(it, least.orElse(1)))
        .orElseGet(Retention.Forever::new);
  }

  private static Optional<Snapshots> snapshots(Retention retention) {
    return retention instanceof Retention.Forever
        ? Optional.of(Snapshots.FOREVER)
        : Optional.empty();
  }

  private static Optional<Retention.Bounded> bounded(Retention retention) {
    return retention instanceof Retention.Bounded bounded ? Optional.of(bounded) : Optional.empty();
  }
}
