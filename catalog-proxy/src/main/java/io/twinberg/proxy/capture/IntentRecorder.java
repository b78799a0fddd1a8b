package io.twinberg.proxy.capture;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.IntentLog;
import io.twinberg.log.NewIntent;
import io.twinberg.log.Outcome;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and settles the intents of one source, and knows what to do when the log fails.
 *
 * <p>Failure windows: an outcome that cannot be written does not delay or change the source's
 * answer. It waits in memory and is written with a later one or by {@link #retry}; if this process
 * ends first, its intent is found pending and the source is asked. An intent may be durable
 * although its writing failed, and an outcome be one too many to wait: {@link #retry} finds such
 * intents, and the source is asked, too.
 */
final class IntentRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(IntentRecorder.class);
  private static final int MAX_WAITING = 10_000;

  private final CaptureSettings settings;
  private final IntentLog log;
  private final CaptureListener listener;
  private final CaptureMetrics metrics;
  private final CrashPoints crashPoints;
  private final HeldIntents held = new HeldIntents();
  private final AtomicBoolean missed = new AtomicBoolean();
  private final BlockingQueue<Settlement> waiting;

  private record Settlement(long id, Outcome outcome) {
    /** Without the table's metadata, which the source can be asked for. */
    Settlement small() {
      return outcome instanceof Outcome.Committed committed
          ? new Settlement(id, new Outcome.Committed(committed.status(), Optional.empty()))
          : this;
    }
  }

  IntentRecorder(
      CaptureSettings settings,
      IntentLog log,
      CaptureListener listener,
      CaptureMetrics metrics,
      CrashPoints crashPoints) {
    this(settings, log, listener, metrics, crashPoints, MAX_WAITING);
  }

  /**
   * @param maxWaiting how many outcomes may wait to be written
   */
  IntentRecorder(
      CaptureSettings settings,
      IntentLog log,
      CaptureListener listener,
      CaptureMetrics metrics,
      CrashPoints crashPoints,
      int maxWaiting) {
    this.settings = settings;
    this.log = log;
    this.listener = listener;
    this.metrics = metrics;
    this.crashPoints = crashPoints;
    this.waiting = new ArrayBlockingQueue<>(maxWaiting);
  }

  /**
   * Makes an intent durable; empty where the log failed and the call may go on without. Who gets
   * one holds it until {@link #release}.
   *
   * @throws RefusedException where it may not
   */
  OptionalLong open(NewIntent intent) {
    try {
      long id = metrics.appended(() -> held(intent));
      crashPoints.passed(CrashPoint.INTENT_OPENED);
      announce(intent);
      return OptionalLong.of(id);
    } catch (JdbiException e) {
      metrics.logFailed();
      LOG.warn(
          "source={} request={} kind={} on-log-failure={} no intent could be written: {}",
          settings.source(),
          intent.requestId(),
          intent.kind(),
          settings.onLogFailure(),
          e.toString());
      if (settings.onLogFailure() == OnLogFailure.FORWARD) {
        return OptionalLong.empty();
      }
      throw new RefusedException(
          Reason.LOG_UNAVAILABLE,
          "The commit log cannot be written and source %s takes no commit without it; nothing was sent, try again."
              .formatted(settings.source()));
    }
  }

  private long held(NewIntent intent) {
    long opening = held.begin();
    try {
      long id = log.open(intent);
      held.hold(id);
      return id;
    } finally {
      held.end(opening);
    }
  }

  /** The call of an intent is over; an outcome that waits to be written holds it on. */
  void release(OptionalLong intent) {
    intent.ifPresent(held::release);
  }

  /** Whoever listens only wants to be quick: it refuses no commit. */
  private void announce(NewIntent intent) {
    try {
      listener.opened(intent);
    } catch (RuntimeException e) {
      LOG.warn("source={} request={} not announced", settings.source(), intent.requestId(), e);
    }
  }

  /** Records how a forwarded call ended; never fails. */
  void settle(OptionalLong intent, Outcome outcome) {
    crashPoints.passed(CrashPoint.ANSWERED);
    metrics.settled(outcome);
    if (intent.isEmpty()) {
      // The log has just failed, and the answer need not wait until it fails once more.
      missed.set(true);
      return;
    }
    Settlement settlement = new Settlement(intent.getAsLong(), outcome);
    if (written(settlement)) {
      retryWaiting();
    } else {
      held.hold(settlement.id());
      keep(settlement.small());
    }
    crashPoints.passed(CrashPoint.SETTLED);
    if (!(outcome instanceof Outcome.Rejected)) {
      listener.settled(settings.source());
    }
  }

  /**
   * Writes the outcomes that could not be written when they were known, tells of commits without an
   * intent, and gives up intents that nobody here will settle.
   */
  void retry() {
    retryMissed();
    retryWaiting();
    disownLost();
  }

  private void disownLost() {
    try {
      Set<Long> lost = held.lost(log.own().pending(settings.source()));
      if (lost.isEmpty()) {
        return;
      }
      log.own().disown(lost);
      LOG.warn(
          "source={} intents={} have no call here any more, the source will be asked",
          settings.source(),
          lost);
      listener.settled(settings.source());
    } catch (JdbiException e) {
      LOG.warn(
          "source={} pending intents could not be looked through, will retry: {}",
          settings.source(),
          e.toString());
    }
  }

  /** A process that dies before this leaves what it missed to the sweeps that come anyway. */
  private void retryMissed() {
    if (!missed.getAndSet(false)) {
      return;
    }
    try {
      listener.missed(settings.source());
    } catch (RuntimeException e) {
      missed.set(true);
      LOG.warn(
          "source={} no sweep could be asked for, will retry: {}", settings.source(), e.toString());
    }
  }

  private void retryWaiting() {
    Settlement settlement = waiting.poll();
    while (settlement != null) {
      if (!written(settlement)) {
        keep(settlement);
        return;
      }
      held.release(settlement.id());
      settlement = waiting.poll();
    }
  }

  private boolean written(Settlement settlement) {
    try {
      log.settle(settlement.id(), settlement.outcome());
      return true;
    } catch (JdbiException e) {
      metrics.logFailed();
      LOG.warn(
          "source={} intent={} its outcome could not be written, will retry: {}",
          settings.source(),
          settlement.id(),
          e.toString());
      return false;
    } catch (IllegalStateException e) {
      // Another process took this one for dead and has explained the intent meanwhile.
      LOG.info(
          "source={} intent={} is closed already: {}",
          settings.source(),
          settlement.id(),
          e.getMessage());
      return true;
    }
  }

  private void keep(Settlement settlement) {
    if (!waiting.offer(settlement)) {
      held.release(settlement.id());
      LOG.warn(
          "source={} intent={} its outcome is dropped, too many wait: the source will be asked",
          settings.source(),
          settlement.id());
    }
  }
}
