package io.twinberg.replicator.lane;

import io.twinberg.replicator.settings.LaneSettings;
import io.twinberg.wake.Wake;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives waiting replicas to free lanes, each replica to one lane at a time. */
final class Lanes implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

  private final WaitingReplicas waiting;
  private final Lane lane;
  private final NamespacePointers namespaces;
  private final LaneSettings settings;
  private final ExecutorService threads;
  private final Wake wake;
  private final Semaphore free;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  // Only the dispatcher's thread.
  private final Set<String> passedOver = new LinkedHashSet<>();
  private long namespacesAtNanos = System.nanoTime();

  Lanes(
      WaitingReplicas waiting,
      Lane lane,
      NamespacePointers namespaces,
      LaneSettings settings,
      ExecutorService threads,
      Wake wake) {
    this.namespaces = namespaces;
    this.waiting = waiting;
    this.lane = lane;
    this.settings = settings;
    this.threads = threads;
    this.wake = wake;
    this.free = new Semaphore(settings.lanes());
  }

  @Override
  public void run() {
    while (!wake.ended() && !Thread.currentThread().isInterrupted()) {
      try {
        dispatch();
        wake.await(settings.poll());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.error("dispatching failed", e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      wake.await(settings.poll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dispatch() throws InterruptedException {
    Set<String> due = new LinkedHashSet<>(passedOver);
    passedOver.clear();
    waiting.look().forEach(replica -> due.add(replica.id()));
    for (String replica : due) {
      if (underWay.add(replica)) {
        free.acquire();
        if (wake.ended()) {
          return;
        }
        start(replica);
      } else if (waiting.rests()) {
        // Its lane may have taken its last look already, and the next look does not find it again.
        passedOver.add(replica);
      }
    }
    writeNamespaces();
  }

  /** Not at every ring: nobody reads them before a recovery. */
  private void writeNamespaces() {
    if (System.nanoTime() - namespacesAtNanos >= settings.poll().toNanos() && !wake.ended()) {
      namespacesAtNanos = System.nanoTime();
      namespaces.write(threads);
    }
  }

  private void start(String replicaId) {
    try {
      threads.execute(() -> work(replicaId));
    } catch (RejectedExecutionException e) {
      // Shutting down between the look and this.
      LOG.debug("not started replica={}", replicaId);
    }
  }

  private void work(String replicaId) {
    boolean worked = false;
    try {
      worked = lane.run(replicaId);
    } catch (RuntimeException e) {
      if (!wake.ended()) {
        LOG.error("lane failed replica={}", replicaId, e);
      }
    } finally {
      underWay.remove(replicaId);
      free.release();
    }
    if (worked) {
      // What arrived while this lane was busy with the replica was passed over by the dispatcher.
      wake.signal();
    }
  }
}
