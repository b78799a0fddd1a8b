package io.twinberg.status;

import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Jdbi;

/**
 * What lists, counts and gauges are made of: all replicas, read at once. A state hangs on three
 * rows and on the time, so no index finds those in a state, or sorts by it; in memory all filters
 * and sorts cost the same.
 *
 * <p>Few replicas are read anew for each question. Of many, a reading answers for twenty times as
 * long as it took, five seconds at most, so that whoever looks again and again takes a twentieth of
 * a processor; what is shown of the replicas on a page is read for that page.
 */
public final class ReplicaReadings {
  static final int FEW = 2_000;

  private static final int REST = 20;
  private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();

  private final Jdbi jdbi;
  private final Clock clock;
  private final CheckIntervals intervals;
  private final LongSupplier nanos;
  private final int few;
  private Optional<ReplicaReading> kept = Optional.empty();
  private long keptUntil;

  /** The readings of one database, for sources that are checked at these intervals. */
  public ReplicaReadings(Database database, Clock clock, CheckIntervals intervals) {
    this(database, clock, intervals, System::nanoTime, FEW);
  }

  ReplicaReadings(
      Database database, Clock clock, CheckIntervals intervals, LongSupplier nanos, int few) {
    this.jdbi = database.jdbi();
    this.clock = clock;
    this.intervals = intervals;
    this.nanos = nanos;
    this.few = few;
  }

  /** All replicas as they stand, or as they stood a moment ago; who comes meanwhile waits. */
  ReplicaReading now() {
    return now(false);
  }

  /** The same with the times of their last publications, which take half as long again to find. */
  ReplicaReading nowWithApplied() {
    return now(true);
  }

  private synchronized ReplicaReading now(boolean applied) {
    long started = nanos.getAsLong();
    if (kept.isPresent() && started - keptUntil < 0 && (kept.get().withApplied() || !applied)) {
      return kept.get();
    }
    ReplicaReading reading = read(applied);
    long read = nanos.getAsLong();
    kept = Optional.of(reading).filter(all -> all.replicas().size() > few);
    keptUntil = read + Math.min(LONGEST_NANOS, REST * (read - started));
    return reading;
  }

  private ReplicaReading read(boolean applied) {
    Instant now = clock.instant();
    ReplicaStates states = new ReplicaStates(intervals, now);
    return jdbi.withHandle(
        handle -> new ReplicaReading(now, applied, new ReplicaScan(handle, states).read(applied)));
  }
}
