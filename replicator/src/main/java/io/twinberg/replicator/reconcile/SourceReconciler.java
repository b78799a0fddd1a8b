package io.twinberg.replicator.reconcile;

import io.twinberg.log.HeadMovedException;
import io.twinberg.log.Intent;
import io.twinberg.log.IntentLog;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import io.twinberg.wake.Wake;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles one source for as long as the process runs; of several processes, the one with the
 * lease does it.
 */
public final class SourceReconciler implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SourceReconciler.class);
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration RENEWAL = LEASE.dividedBy(3);
  private static final Duration DEAD_AFTER = Duration.ofSeconds(30);
  private static final int INTENT_BATCH = 100;

  private final String source;
  private final IntentLog intents;
  private final IntentReconciler explainer;
  private final Sweep sweep;
  private final Leases leases;
  private final String owner;
  private final Wake wake;
  private final Wake replicatorWake;
  private final Duration poll;
  // Read and written by the one thread that runs.
  private long renewed;

  SourceReconciler(
      String source,
      IntentLog intents,
      IntentReconciler explainer,
      Sweep sweep,
      Leases leases,
      String owner,
      Wake wake,
      Wake replicatorWake,
      Duration poll) {
    this.source = source;
    this.intents = intents;
    this.explainer = explainer;
    this.sweep = sweep;
    this.leases = leases;
    this.owner = owner;
    this.wake = wake;
    this.replicatorWake = replicatorWake;
    this.poll = poll;
  }

  @Override
  public void run() {
    Optional<Lease> lease = Optional.empty();
    while (!wake.ended() && !Thread.currentThread().isInterrupted()) {
      try {
        lease = hold(lease);
        if (lease.isPresent()) {
          reconcile();
        }
        wake.await(poll);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        // The database or the source failed in an unforeseen way: say so and go on, the intents are
        // durable.
        LOG.error("reconciling failed source={}", source, e);
        pause();
      }
    }
    lease.ifPresent(leases::release);
  }

  private Optional<Lease> hold(Optional<Lease> lease) {
    if (lease.isPresent() && System.nanoTime() - renewed < RENEWAL.toNanos()) {
      return lease;
    }
    renewed = System.nanoTime();
    if (lease.isPresent() && leases.renew(lease.get(), LEASE)) {
      return lease;
    }
    return leases.claim(Lease.ofSource(source), owner, LEASE);
  }

  private void pause() {
    try {
      wake.await(poll);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Explains the intents that are due, then does what is due of the sweep. */
  void reconcile() {
    List<Intent> due = intents.due(source, INTENT_BATCH);
    while (!due.isEmpty() && !wake.ended()) {
      due.forEach(this::explain);
      due = intents.due(source, INTENT_BATCH);
    }
    // After the commits that somebody waits for; what it finds is due at once, in another round.
    if (intents.adoptOrphans(DEAD_AFTER) > 0) {
      wake.signal();
    }
    sweep.run();
    replicatorWake.signal();
  }

  private void explain(Intent intent) {
    try {
      explainer.explain(intent);
      replicatorWake.signal();
    } catch (HeadMovedException e) {
      // Another process got there first: the next look finds the log as it is now.
      intents.checkAgain(intent.id(), Duration.ZERO);
    } catch (RuntimeException e) {
      LOG.warn("intent not explained source={} intent={}: {}", source, intent.id(), e.toString());
      intents.checkAgain(intent.id(), Duration.ofSeconds(1L << Math.min(intent.checks(), 6)));
    }
  }

  /** Lists the source and looks at every table at the next turn. */
  public void demand() {
    sweep.demand();
    wake.signal();
  }
}
