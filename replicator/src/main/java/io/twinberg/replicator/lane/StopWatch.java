package io.twinberg.replicator.lane;

import io.twinberg.replica.Replicas;
import io.twinberg.wake.Wake;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether somebody, in whatever process, has paused what a lane of this process works on, and
 * stops it. Without work it asks nothing.
 */
final class StopWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(StopWatch.class);

  private final Replicas replicas;
  private final WorkUnderWay work;
  private final Duration poll;
  private final Wake bell = new Wake();

  StopWatch(Replicas replicas, WorkUnderWay work, Duration poll) {
    this.replicas = replicas;
    this.work = work;
    this.poll = poll;
  }

  @Override
  public void run() {
    try {
      while (!bell.ended()) {
        look();
        bell.await(poll);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    Set<String> ids = work.replicas();
    if (ids.isEmpty()) {
      return;
    }
    try {
      replicas.paused(ids).forEach(work::stop);
    } catch (RuntimeException e) {
      LOG.warn("not known whether replicas were paused, asked again: {}", e.toString());
    }
  }

  void end() {
    bell.end();
  }
}
