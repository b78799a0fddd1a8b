package io.twinberg.replicator.lane;

import io.twinberg.log.Sources;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Finds the replicas that lanes may work on. A look over all of them takes longer the more there
 * are: where they are many and it takes more than a little, it rests for two hundred times as long,
 * and a thousand times where nothing happens, but no longer than fifteen seconds; until then only
 * the tables count that have got new versions.
 */
final class WaitingReplicas {
  /** A look over so few takes long only where the machine is busy. */
  static final int FEW = 1_000;

  private static final long LITTLE_NANOS = Duration.ofMillis(5).toNanos();
  private static final int REST = 1_000;

  /** After somebody has rung the lanes, or a failed replica's wait is over. */
  private static final int RUNG_REST = 200;

  /** While limited ones wait for the few lanes that they may have, one of which is free. */
  private static final int SHORT_REST = 20;

  /** What is no new version, such as another attempt, waits no longer than this for a look. */
  private static final long LONGEST_REST_NANOS = Duration.ofSeconds(15).toNanos();

  private final Replicas replicas;
  private final Sources sources;
  private final String owner;
  private final int limit;
  private final int few;
  private final AttemptTimes attempts;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private Map<String, Long> seen = Map.of();
  private long restsUntilNanos;
  private boolean rests;
  private boolean rung;
  private long rungAgainNanos;
  private boolean leftOut;
  private long limitedAgainNanos;

  /**
   * Over the replicas of a database.
   *
   * @param attempts when those are to be tried again that failed in this process
   */
  WaitingReplicas(
      Replicas replicas,
      Sources sources,
      String owner,
      int limit,
      int few,
      AttemptTimes attempts,
      Clock clock,
      LongSupplier nanoTime) {
    this.replicas = replicas;
    this.sources = sources;
    this.owner = owner;
    this.limit = limit;
    this.few = few;
    this.attempts = attempts;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Whether the next look may be for new versions alone. */
  boolean rests() {
    return rests;
  }

  /**
   * Some that may be worked on now.
   *
   * @param limitedToo whether there is a lane for one whose rule limits how fast it is written;
   *     those that are left out for that reason are found by a look over all as soon as there is
   */
  List<Replica> look(boolean limitedToo) {
    // Before the look: what comes during it is new at the next.
    Map<String, Long> heads = sources.lastPositions();
    rung |= attempts.removeDue(clock.instant());
    boolean forNewOnes =
        rests
            && nanoTime.getAsLong() - restsUntilNanos < 0
            && !isForWhoRang()
            && !isForLeftOut(limitedToo);
    List<Replica> found = forNewOnes ? withNewVersions(heads, limitedToo) : all(limitedToo);
    seen = heads;
    leftOut |= !limitedToo;
    return found;
  }

  /** Somebody has rung the lanes: perhaps for a new version, perhaps for something else. */
  void rung() {
    rung = true;
  }

  private boolean isForWhoRang() {
    return rung && nanoTime.getAsLong() - rungAgainNanos >= 0;
  }

  /** Some limited ones that a look has found got no lane. */
  void leftOut() {
    leftOut = true;
  }

  private boolean isForLeftOut(boolean limitedToo) {
    return limitedToo && leftOut && nanoTime.getAsLong() - limitedAgainNanos >= 0;
  }

  private List<Replica> all(boolean limitedToo) {
    long start = nanoTime.getAsLong();
    List<Replica> found = replicas.waiting(owner, limit, limitedToo);
    long took = nanoTime.getAsLong() - start;
    restsUntilNanos = start + took + Math.min(took * REST, LONGEST_REST_NANOS);
    rungAgainNanos = start + took + Math.min(took * RUNG_REST, LONGEST_REST_NANOS);
    limitedAgainNanos = start + took + Math.min(took * SHORT_REST, LONGEST_REST_NANOS);
    rung = false;
    leftOut = false;
    // A full answer may have left some out.
    rests = took > LITTLE_NANOS && found.size() < limit && replicas.count() > few;
    return found;
  }

  private List<Replica> withNewVersions(Map<String, Long> heads, boolean limitedToo) {
    List<Replica> found = new ArrayList<>();
    heads.forEach(
        (source, head) -> {
          long before = seen.getOrDefault(source, 0L);
          if (head > before) {
            found.addAll(replicas.waitingBehind(source, before, owner, limit, limitedToo));
          }
        });
    rests = found.size() < limit;
    return found;
  }
}
