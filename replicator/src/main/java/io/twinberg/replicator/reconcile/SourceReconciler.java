package io.twinberg.replicator.reconcile;

import io.twinberg.log.HeadMovedException;
import io.twinberg.log.Intent;
import io.twinberg.log.IntentLog;
import io.twinberg.prune.Pruning;
import io.twinberg.rule.RuleDifference;
import io.twinberg.wake.Wake;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles one source for as long as the process runs; of several processes, the one with the
 * lease does it.
 */
public final class SourceReconciler implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SourceReconciler.class);
  private static final Duration DEAD_AFTER = Duration.ofSeconds(30);
  private static final Duration PRUNE_EVERY = Duration.ofMillis(250);
  private static final Duration LONGEST_PRUNING = Duration.ofSeconds(1);
  private static final int PRUNING_PART = 10;
  private static final int INTENT_BATCH = 100;

  private final String source;
  private final IntentLog intents;
  private final IntentReconciler explainer;
  private final Sweep sweep;
  private final List<Pruning> prunings;
  private final FarTimesWatch farTimes;
  private final SourceLease lease;
  private final Wake wake;
  private final Duration poll;
  private long orphansAtNanos;
  private long prunedAtNanos;

  SourceReconciler(
      String source,
      IntentLog intents,
      IntentReconciler explainer,
      Sweep sweep,
      List<Pruning> prunings,
      FarTimesWatch farTimes,
      SourceLease lease,
      Wake wake,
      Duration poll) {
    this.source = source;
    this.intents = intents;
    this.explainer = explainer;
    this.sweep = sweep;
    this.prunings = List.copyOf(prunings);
    this.farTimes = farTimes;
    this.lease = lease;
    this.wake = wake;
    this.poll = poll;
    this.orphansAtNanos = System.nanoTime() - poll.toNanos();
    this.prunedAtNanos = System.nanoTime() - PRUNE_EVERY.toNanos();
  }

  @Override
  public void run() {
    while (!wake.ended() && !Thread.currentThread().isInterrupted()) {
      try {
        reconcile();
        wake.await(poll);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        // The database failed in an unforeseen way: say so and go on, the intents are durable.
        LOG.error("reconciling failed source={}", source, e);
        pause();
      }
    }
    release();
  }

  private void release() {
    try {
      lease.release();
    } catch (RuntimeException e) {
      LOG.warn("lease not given back source={}: {}", source, e.toString());
    }
  }

  private boolean goesOn() {
    return !wake.ended() && lease.hold();
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
    if (!goesOn()) {
      return;
    }
    List<Intent> due = intents.due(source, INTENT_BATCH);
    while (!due.isEmpty() && goesOn()) {
      AnswerOrder.of(due).stream().takeWhile(intent -> goesOn()).forEach(this::explain);
      due = intents.due(source, INTENT_BATCH);
    }
    adoptOrphans();
    if (farTimes.step()) {
      wake.signal();
    }
    sweep.run(this::goesOn);
    prune();
  }

  /**
   * A batch of each, and more where turns take long, for a tenth of the time: no commit waits for
   * more than that, and what is removed keeps up with what is written.
   */
  private void prune() {
    long since = System.nanoTime() - prunedAtNanos;
    if (since < PRUNE_EVERY.toNanos()) {
      return;
    }
    long end = System.nanoTime() + Math.min(since / PRUNING_PART, LONGEST_PRUNING.toNanos());
    boolean more = true;
    while (more && goesOn()) {
      more = prunings.stream().filter(Pruning::step).count() > 0 && System.nanoTime() - end < 0;
    }
    prunedAtNanos = System.nanoTime();
  }

  /**
   * After the commits that somebody waits for, and not after each of them; what it finds is due at
   * once, in another round.
   */
  private void adoptOrphans() {
    if (System.nanoTime() - orphansAtNanos >= poll.toNanos()) {
      orphansAtNanos = System.nanoTime();
      if (intents.adoptOrphans(source, DEAD_AFTER) > 0) {
        wake.signal();
      }
    }
  }

  private void explain(Intent intent) {
    try {
      explainer.explain(intent);
    } catch (HeadMovedException e) {
      // Another process got there first: the next look finds the log as it is now.
      intents.checkAgain(intent.id(), Duration.ZERO);
    } catch (RuntimeException e) {
      LOG.warn("intent not explained source={} intent={}: {}", source, intent.id(), e.toString());
      intents.checkAgain(intent.id(), Duration.ofSeconds(1L << Math.min(intent.checks(), 6)));
    }
  }

  /** Applies changed rules at the next turn. */
  public void rulesChanged(RuleDifference difference) {
    sweep.rulesChanged(difference);
    wake.signal();
  }
}
