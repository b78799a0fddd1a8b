package io.twinberg.replica;

import io.twinberg.config.Retention;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a replica's own retention stands in a column: {@code forever}, or an age and a number. */
final class RetentionColumn {
  private static final String FOREVER = "forever";

  private RetentionColumn() {}

  /** Null for that of the destination. */
  static @Nullable String of(Optional<Retention> retention) {
    return retention.map(RetentionColumn::text).orElse(null);
  }

  private static String text(Retention retention) {
    return retention instanceof Retention.Bounded bounded
        ? bounded.maxSnapshotAge() + " " + bounded.minSnapshotsToKeep()
        : FOREVER;
  }

  static Optional<Retention> parse(@Nullable String column) {
    return Optional.ofNullable(column).map(RetentionColumn::retention);
  }

  private static Retention retention(String text) {
    if (text.equals(FOREVER)) {
      return new Retention.Forever();
    }
    int space = text.indexOf(' ');
    return new Retention.Bounded(
        Duration.parse(text.substring(0, space)), Integer.parseInt(text.substring(space + 1)));
  }
}
