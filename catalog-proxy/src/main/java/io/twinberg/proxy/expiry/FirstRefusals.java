package io.twinberg.proxy.expiry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Since when the removal of snapshots from a table has been refused for a destination, in the
 * memory of this process: whoever restarts it, or asks another one, begins to wait anew.
 *
 * <p>A wait is over when the destination has what was to be removed. Where nobody came back to see
 * that, it is forgotten once nobody has asked for as long as it may last and the replica has moved
 * on meanwhile: what it lacks then is something else. A replica that stands still is waited for
 * once, however seldom somebody asks.
 */
final class FirstRefusals {
  private static final int MAX_KEPT = 100_000;

  private record Key(TableIdentifier table, String destination) {}

  private record Wait(Instant since, Instant asked, long position) {
    boolean isForgotten(Instant now, long positionNow, Duration atMost) {
      return positionNow > position && now.isAfter(asked.plus(atMost));
    }
  }

  private final Cache<Key, Wait> waits = Caffeine.newBuilder().maximumSize(MAX_KEPT).build();
  private final Clock clock;

  FirstRefusals(Clock clock) {
    this.clock = clock;
  }

  /** Until when a destination is waited for; from now on, unless it is already. */
  Instant until(TableIdentifier table, Unapplied unapplied, Duration atMost) {
    Instant now = clock.instant();
    long position = unapplied.position();
    Wait wait =
        waits
            .asMap()
            .compute(
                new Key(table, unapplied.destination()),
                (key, before) ->
                    before == null || before.isForgotten(now, position, atMost)
                        ? new Wait(now, now, position)
                        : new Wait(before.since(), now, before.position()));
    return wait.since().plus(atMost);
  }

  /** A destination has what was to be removed. */
  void over(TableIdentifier table, String destination) {
    waits.invalidate(new Key(table, destination));
  }
}
