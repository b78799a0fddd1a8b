package io.twinberg.replicator;

import io.twinberg.database.Database;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.IntentKind;
import io.twinberg.log.IntentLog;
import io.twinberg.log.NewIntent;
import io.twinberg.log.Sources;
import io.twinberg.replica.Leases;
import io.twinberg.replica.Publisher;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replicator.lane.LaneWiring;
import io.twinberg.replicator.mapping.PathRules;
import io.twinberg.replicator.metadata.MetadataTrees;
import io.twinberg.replicator.metadata.RecentVersions;
import io.twinberg.replicator.operation.OperationWiring;
import io.twinberg.replicator.prefetch.Prefetch;
import io.twinberg.replicator.reconcile.ReconcilerWiring;
import io.twinberg.replicator.reconcile.SourceReconciler;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.replicator.settings.ReplicatorSettings;
import io.twinberg.rule.RuleDifference;
import io.twinberg.wake.EndTime;
import io.twinberg.wake.Wake;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicator role of one process: a reconciler per source, lanes over all replicas, and the
 * operations that people ask for.
 */
public final class Replicator implements AutoCloseable {
  /** How long a stop waits for what is under way. */
  public static final Duration HAND_BACK = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Replicator.class);
  private static final long RECENT_METADATA_BYTES = 32L << 20;

  private final Map<String, SourceReconciler> reconcilers = new LinkedHashMap<>();
  private final Map<String, Wake> sourceWakes = new LinkedHashMap<>();
  private final Map<String, Prefetch> prefetches = new LinkedHashMap<>();
  private final Targets targets;
  private final LaneWiring lanes;
  private final OperationWiring operations;
  private final IntentLog intents;
  private final Sources sources;
  private final Leases leases;
  private final String processId;
  private final MetadataTrees trees;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "replicator");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Wires the role; nothing runs before {@link #start}.
   *
   * @param processId this process in leases and intents
   * @param listener told of what this process changed, after the commit
   */
  public Replicator(
      Database database,
      ReplicatorEnds ends,
      Targets targets,
      ReplicatorSettings settings,
      Clock clock,
      String processId,
      ReplicaListener listener,
      CrashPoints crashPoints) {
    this.targets = targets;
    this.sources = new Sources(database);
    Wake laneWake = new Wake();
    this.trees = new MetadataTrees();
    RecentVersions recent = new RecentVersions(RECENT_METADATA_BYTES);
    this.leases = new Leases(database);
    this.processId = processId;
    this.intents = new IntentLog(database, clock, processId);
    Publisher publisher = new Publisher(database, clock, listener);
    this.lanes =
        new LaneWiring(
            database,
            ends.withSources(source -> prefetched(source, ends.destinations())),
            settings,
            publisher,
            leases,
            clock,
            processId,
            laneWake,
            recent,
            trees,
            listener,
            crashPoints);
    this.operations =
        new OperationWiring(
            database,
            ends,
            targets,
            settings,
            clock,
            processId,
            laneWake,
            this::settled,
            listener,
            crashPoints);
    ReconcilerWiring room =
        new ReconcilerWiring(
            database,
            targets,
            settings,
            intents,
            leases,
            clock,
            processId,
            laneWake,
            recent,
            trees,
            listener,
            crashPoints);
    for (ReplicatorEnds.Source source : ends.sources()) {
      sources.register(source.name());
      Wake wake = new Wake();
      sourceWakes.put(source.name(), wake);
      reconcilers.put(source.name(), room.reconciler(source, prefetches.get(source.name()), wake));
    }
  }

  private ReplicatorEnds.Source prefetched(
      ReplicatorEnds.Source source, List<ReplicatorEnds.Destination> destinations) {
    Prefetch files =
        new Prefetch(
            source.files(),
            new PathRules(source.allowedLocations(), false),
            destinations.stream().map(ReplicatorEnds.Destination::store).toList(),
            Prefetch.PATIENCE);
    prefetches.put(source.name(), files);
    return new ReplicatorEnds.Source(
        source.name(), source.reader(), files, source.allowedLocations());
  }

  /** Starts working; at start every source is swept. */
  public void start() {
    intents.heartbeat();
    reconcilers.values().forEach(threads::execute);
    lanes.start();
    operations.start();
  }

  /** A commit is about to be forwarded: what it will add to a replicated table is read ahead. */
  public void opened(NewIntent intent) {
    Prefetch prefetch = prefetches.get(intent.source());
    if (prefetch == null || intent.kind() != IntentKind.UPDATE_TABLE) {
      return;
    }
    intent.targets().stream()
        .filter(table -> !targets.of(intent.source(), table).isEmpty())
        .forEach(table -> prefetch.announced(table, intent.body()));
  }

  /** A commit on a source has been settled: its reconciler looks at once. */
  public void settled(String source) {
    Wake wake = sourceWakes.get(source);
    if (wake != null) {
      wake.signal();
    }
  }

  /** Somebody has asked for an operation. */
  public void operationWaits() {
    operations.signal();
  }

  /** Has a source listed and every table looked at soon, by whichever process sweeps it. */
  public void demand(String source) {
    sources.askSweep(source);
    settled(source);
  }

  /**
   * Rules of a source have changed: what they want now begins, what they want no more stops with
   * the version that is under way.
   */
  public void rulesChanged(String source, RuleDifference difference) {
    SourceReconciler reconciler = reconcilers.get(source);
    if (reconciler != null) {
      reconciler.rulesChanged(difference);
    }
  }

  /**
   * Stops: what is staged stays. What hangs in a call of a source or a store is not waited for
   * longer than {@link #HAND_BACK} in all; its leases are given back like all others, so that
   * another process goes on at once.
   */
  @Override
  public void close() {
    EndTime end = EndTime.in(HAND_BACK);
    sourceWakes.values().forEach(Wake::end);
    prefetches.values().forEach(Prefetch::close);
    trees.close();
    threads.shutdown();
    operations.end();
    lanes.end();
    lanes.handBack(end);
    operations.handBack(end);
    end.await(threads);
    releaseLeases();
  }

  private void releaseLeases() {
    try {
      leases.releaseAll(processId);
    } catch (RuntimeException e) {
      LOG.warn("leases not given back, others wait until they run out: {}", e.toString());
    }
  }
}
