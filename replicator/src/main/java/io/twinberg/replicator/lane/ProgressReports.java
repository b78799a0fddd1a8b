package io.twinberg.replicator.lane;

import io.twinberg.replica.Lease;
import io.twinberg.replica.ProgressRows;
import io.twinberg.replica.ReplicaProgress;
import io.twinberg.wake.Wake;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down how far this process is with the versions that take long, so that every process can
 * show it. What is done within a moment costs nothing.
 */
final class ProgressReports implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressReports.class);
  static final Duration EVERY = Duration.ofSeconds(2);

  private final WorkUnderWay work;
  private final ProgressRows rows;
  private final Clock clock;
  private final Map<Lease, String> reported = new HashMap<>();
  private final Wake bell = new Wake();

  ProgressReports(WorkUnderWay work, ProgressRows rows, Clock clock) {
    this.work = work;
    this.rows = rows;
    this.clock = clock;
  }

  @Override
  public void run() {
    try {
      attempt(rows::endAbandoned);
      while (!bell.ended()) {
        attempt(this::look);
        bell.await(EVERY);
      }
      attempt(() -> endAllBut(Set.of()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.warn("progress of replicas not written down: {}", e.toString());
    }
  }

  /** One look at what is under way. */
  void look() {
    Instant now = clock.instant();
    Set<Lease> lasting = new HashSet<>();
    for (ClaimedWork one : work.all()) {
      one.progress(now)
          .filter(progress -> isLong(progress, now))
          .ifPresent(
              progress -> {
                rows.report(one.replicaId(), one.lease(), progress);
                reported.put(one.lease(), one.replicaId());
                lasting.add(one.lease());
              });
    }
    endAllBut(lasting);
  }

  private static boolean isLong(ReplicaProgress progress, Instant now) {
    return !progress.startedAt().plus(EVERY).isAfter(now);
  }

  private void endAllBut(Set<Lease> still) {
    Map<Lease, String> ended = new HashMap<>(reported);
    ended.keySet().removeAll(still);
    ended.forEach(
        (lease, replicaId) -> {
          rows.end(replicaId, lease);
          reported.remove(lease);
        });
  }

  void end() {
    bell.end();
  }
}
