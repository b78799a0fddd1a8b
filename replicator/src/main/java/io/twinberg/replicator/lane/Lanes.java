package io.twinberg.replicator.lane;

import io.twinberg.replica.Replica;
import io.twinberg.replicator.settings.LaneSettings;
import io.twinberg.wake.Wake;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
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
  private final FreeLanes free;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  // Only the dispatcher's thread.
  private final Map<String, Replica> passedOver = new LinkedHashMap<>();
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
    this.free = new FreeLanes(settings.lanes());
  }

  @Override
  public void run() {
    while (!wake.ended() && !Thread.currentThread().isInterrupted()) {
      try {
        dispatch();
        await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.error("dispatching failed", e);
        pause();
      }
    }
  }

  private void await() throws InterruptedException {
    if (wake.await(settings.poll())) {
      waiting.rung();
    }
  }

  private void pause() {
    try {
      await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dispatch() throws InterruptedException {
    Map<String, Replica> due = new LinkedHashMap<>(passedOver);
    passedOver.clear();
    boolean limitedToo = free.haveOneForLimited();
    waiting.look(limitedToo).forEach(replica -> due.put(replica.id(), replica));
    for (Replica replica : due.values()) {
      if (!underWay.contains(replica.id())) {
        begin(replica);
        if (wake.ended()) {
          return;
        }
      } else if (waiting.rests()) {
        // Its lane may have taken its last look already, and the next look does not find it again.
        passedOver.put(replica.id(), replica);
      }
    }
    if (limitedToo && !free.haveOneForLimited()) {
      // Limited ones may have taken the places of others in this look.
      wake.signal();
    }
    writeNamespaces();
  }

  private void begin(Replica replica) throws InterruptedException {
    if (!free.take(replica)) {
      waiting.leftOut();
    } else if (!wake.ended()) {
      underWay.add(replica.id());
      start(replica);
    }
  }

  /** Not at every ring: nobody reads them before a recovery. */
  private void writeNamespaces() {
    if (System.nanoTime() - namespacesAtNanos >= settings.poll().toNanos() && !wake.ended()) {
      namespacesAtNanos = System.nanoTime();
      namespaces.write(threads);
    }
  }

  private void start(Replica replica) {
    try {
      threads.execute(() -> work(replica));
    } catch (RejectedExecutionException e) {
      // Shutting down between the look and this.
      LOG.debug("not started replica={}", replica.id());
    }
  }

  private void work(Replica replica) {
    boolean worked = false;
    try {
      worked = lane.run(replica);
    } catch (RuntimeException e) {
      if (!wake.ended()) {
        LOG.error("lane failed replica={}", replica.id(), e);
      }
    } finally {
      underWay.remove(replica.id());
      free.giveBack(replica);
    }
    if (worked) {
      // What arrived while this lane was busy with the replica was passed over by the dispatcher.
      wake.signal();
    }
  }
}
