package io.twinberg.status;

import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lists, counts and gauges are made of: all replicas, read at once. A state hangs on three
 * rows and on the time, so no index finds those in a state, or sorts by it; in memory all filters
 * and sorts cost the same.
 *
 * <p>Few replicas are read anew for each question. Of many, a reading answers for twenty times as
 * long as it took, five seconds at most, so that whoever looks again and again takes a small part
 * of a processor. Who asks when three quarters of that time are over lets the next reading begin
 * meanwhile, so that only those wait for one before whom nobody has asked for a while. What is
 * shown of the replicas on a page is read for that page.
 */
public final class ReplicaReadings {
  static final int FEW = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaReadings.class);
  private static final int REST = 20;
  private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();

  /** A reading and, by the watch, from when on it is to be renewed and until when it answers. */
  private record Kept(ReplicaReading reading, long renewFrom, long until) {
    private boolean answers(long nanos) {
      return nanos - until < 0;
    }

    private boolean isDue(long nanos) {
      return nanos - renewFrom >= 0;
    }
  }

  private final Jdbi jdbi;
  private final Clock clock;
  private final CheckIntervals intervals;
  private final Executor ahead;
  private final LongSupplier nanos;
  private final int few;
  private final AtomicBoolean renewing = new AtomicBoolean();
  private volatile Optional<Kept> last = Optional.empty();

  /**
   * The readings of one database, for sources that are checked at these intervals.
   *
   * @param ahead what reads before somebody waits for it
   */
  public ReplicaReadings(Database database, Clock clock, CheckIntervals intervals, Executor ahead) {
    this(database, clock, intervals, ahead, System::nanoTime, FEW);
  }

  ReplicaReadings(
      Database database,
      Clock clock,
      CheckIntervals intervals,
      Executor ahead,
      LongSupplier nanos,
      int few) {
    this.jdbi = database.jdbi();
    this.clock = clock;
    this.intervals = intervals;
    this.ahead = ahead;
    this.nanos = nanos;
    this.few = few;
  }

  /** All replicas as they stand, or as they stood a moment ago. */
  ReplicaReading now() {
    long now = nanos.getAsLong();
    Optional<Kept> kept = last.filter(one -> one.answers(now));
    if (kept.filter(one -> one.isDue(now)).isPresent()) {
      renew();
    }
    return kept.map(Kept::reading).orElseGet(this::readUnlessRead);
  }

  private void renew() {
    if (renewing.compareAndSet(false, true)) {
      ahead.execute(this::readAhead);
    }
  }

  private void readAhead() {
    try {
      read();
    } catch (RuntimeException e) {
      LOG.debug("cannot read all replicas ahead, the next question does: {}", e.toString());
    } finally {
      renewing.set(false);
    }
  }

  /** Who came while somebody read has waited for that reading, and takes it. */
  private synchronized ReplicaReading readUnlessRead() {
    long now = nanos.getAsLong();
    return last.filter(one -> one.answers(now)).map(Kept::reading).orElseGet(this::read);
  }

  private synchronized ReplicaReading read() {
    long started = nanos.getAsLong();
    Instant now = clock.instant();
    ReplicaStates states = new ReplicaStates(intervals, now);
    ReplicaReading reading = jdbi.withHandle(handle -> new ReplicaScan(handle, states).read(now));
    long read = nanos.getAsLong();
    long rest = Math.min(LONGEST_NANOS, REST * (read - started));
    last =
        Optional.of(new Kept(reading, read + rest / 4 * 3, read + rest))
            .filter(kept -> reading.replicas().size() > few);
    return reading;
  }
}
