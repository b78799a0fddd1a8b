package io.twinberg.replicator.lane;

import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases that this process holds, prolonged for as long as it does. A lease whose work is done
 * rests here for a moment, since the next commit often follows soon and claiming costs a
 * transaction. Whether a lease is still ours is never believed from here: publishing asks the
 * database.
 */
final class HeldLeases implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeldLeases.class);
  private static final Duration REST = Duration.ofSeconds(2);

  private final Leases leases;
  private final String owner;
  private final Duration duration;
  private final Consumer<Lease> lost;
  private final ScheduledThreadPoolExecutor timer;
  private final Map<Lease, Future<?>> heartbeats = new ConcurrentHashMap<>();
  private final Map<String, Resting> resting = new ConcurrentHashMap<>();

  /** A lease that nobody works under, and its end. */
  private record Resting(Lease lease, Future<?> end) {}

  /**
   * Leases of a duration for one owner.
   *
   * @param lost is told of a lease that somebody else has taken over
   */
  HeldLeases(Leases leases, String owner, Duration duration, Consumer<Lease> lost) {
    this.leases = leases;
    this.owner = owner;
    this.duration = duration;
    this.lost = lost;
    this.timer = new ScheduledThreadPoolExecutor(1, HeldLeases::thread);
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timer.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "replicator-leases");
    thread.setDaemon(true);
    return thread;
  }

  /** The lease on a resource; empty when somebody else holds it. */
  Optional<Lease> take(String resource) {
    Resting kept = resting.remove(resource);
    if (kept != null) {
      kept.end().cancel(false);
      return Optional.of(kept.lease());
    }
    Optional<Lease> claimed = leases.claim(resource, owner, duration);
    claimed.ifPresent(lease -> heartbeats.put(lease, beat(lease)));
    return claimed;
  }

  private Future<?> beat(Lease lease) {
    long period = duration.toMillis() / 3;
    return timer.scheduleAtFixedRate(() -> renew(lease), period, period, TimeUnit.MILLISECONDS);
  }

  private void renew(Lease lease) {
    try {
      if (!leases.renew(lease, duration)) {
        LOG.warn("lease lost resource={}", lease.resource());
        lost.accept(lease);
        giveBack(lease);
      }
    } catch (RuntimeException e) {
      LOG.warn("lease not renewed resource={}: {}", lease.resource(), e.toString());
    }
  }

  /** Lets a lease rest, to be taken again or given back. */
  void rest(Lease lease) {
    try {
      Future<?> end = timer.schedule(() -> giveBack(lease), REST.toMillis(), TimeUnit.MILLISECONDS);
      resting.put(lease.resource(), new Resting(lease, end));
    } catch (RejectedExecutionException e) {
      // The process ends.
      release(lease);
    }
  }

  private void giveBack(Lease lease) {
    Resting kept = resting.get(lease.resource());
    if (kept != null && kept.lease().equals(lease) && resting.remove(lease.resource(), kept)) {
      release(lease);
    }
  }

  /** The leases that are prolonged. */
  Set<Lease> heldNow() {
    return Set.copyOf(heartbeats.keySet());
  }

  /** Gives a lease back at once. */
  void release(Lease lease) {
    Future<?> heartbeat = heartbeats.remove(lease);
    if (heartbeat != null) {
      heartbeat.cancel(false);
    }
    try {
      leases.release(lease);
    } catch (RuntimeException e) {
      LOG.warn("lease not given back resource={}: {}", lease.resource(), e.toString());
    }
  }

  /**
   * Gives everything back: lanes have ended, or hang in a store's call and publish nothing that
   * another process has gone on from.
   */
  @Override
  public void close() {
    // What is being renewed goes on: an interrupt in H2 would close its file under all others.
    timer.shutdown();
    heldNow().forEach(this::release);
  }
}
