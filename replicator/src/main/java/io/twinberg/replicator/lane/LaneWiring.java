package io.twinberg.replicator.lane;

import io.twinberg.database.Database;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.SourceTables;
import io.twinberg.log.Sources;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Cleanups;
import io.twinberg.replica.CondemnedFiles;
import io.twinberg.replica.Expiries;
import io.twinberg.replica.GroupPublisher;
import io.twinberg.replica.Leases;
import io.twinberg.replica.Ledger;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.ProgressRows;
import io.twinberg.replica.Publisher;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailures;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.replica.Resyncs;
import io.twinberg.replicator.merge.ReplicaRetention;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.metadata.MetadataTrees;
import io.twinberg.replicator.metadata.RecentVersions;
import io.twinberg.replicator.publish.PublishedMetadata;
import io.twinberg.replicator.publish.SnapshotExpiry;
import io.twinberg.replicator.publish.VersionApplier;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.replicator.settings.ReplicatorSettings;
import io.twinberg.replicator.task.TaskPools;
import io.twinberg.replicator.unreferenced.Condemnation;
import io.twinberg.replicator.unreferenced.Deletion;
import io.twinberg.replicator.view.ViewApplier;
import io.twinberg.storage.ObjectStore;
import io.twinberg.wake.EndTime;
import io.twinberg.wake.Wake;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.iceberg.catalog.TableIdentifier;

/** Wires the lanes of one process and the threads under them. */
public final class LaneWiring {
  private static final long PUBLISHED_METADATA_BYTES = 64L << 20;
  private static final int MANIFEST_THREADS = 4;

  private final ReplicaFailures failures;
  private final TaskPools pools;
  private final Lanes lanes;
  private final GroupWatch watch;
  private final StopWatch stopWatch;
  private final ProgressReports progress;
  private final Wake wake;
  private final Expiries expiries;
  private final LaneCleanup cleanup;
  private final Ends ends;
  private final HeldLeases held;
  private final ExecutorService threads = Executors.newCachedThreadPool(LaneWiring::daemon);

  /** Wires; nothing runs before {@link #start}. */
  public LaneWiring(
      Database database,
      ReplicatorEnds ends,
      ReplicatorSettings settings,
      Publisher publisher,
      Leases leases,
      Clock clock,
      String processId,
      Wake wake,
      RecentVersions recent,
      MetadataTrees trees,
      ReplicaListener listener,
      CrashPoints crashPoints) {
    Replicas replicas = new Replicas(database, clock);
    this.failures = new ReplicaFailures(database, clock);
    VersionLog versions = new VersionLog(database, clock);
    SourceTables tables = new SourceTables(database, clock);
    MetadataFiles files = new MetadataFiles(settings.metadataLimitInBytes());
    PublishedMetadata published = new PublishedMetadata(PUBLISHED_METADATA_BYTES, files);
    this.pools = new TaskPools(MANIFEST_THREADS, settings.copies());
    Ledger ledger = new Ledger(database);
    CondemnedFiles condemned = new CondemnedFiles(database, clock);
    Duration hold = settings.lanes().groupHold();
    RetryWaits waits =
        new RetryWaits(
            settings.lanes().firstRetry(), settings.lanes().longestRetry(), new Random());
    GroupPublisher groups =
        new GroupPublisher(database, versions, publisher, listener, hold, clock, crashPoints);
    VersionApplier applier =
        new VersionApplier(
            ledger, condemned, publisher, groups, published, trees, listener, clock, crashPoints);
    this.cleanup =
        new LaneCleanup(
            new Cleanups(database),
            new Condemnation(ledger, condemned, crashPoints),
            new Deletion(condemned, pools, clock, crashPoints),
            published,
            applier,
            groups,
            pools,
            clock,
            settings.deletionInterval(),
            waits);
    this.expiries = new Expiries(database, clock);
    this.ends = wired(ends, tables);
    VersionChooser chooser = new VersionChooser(versions, recent, files);
    LaneWork work =
        new LaneWork(
            replicas,
            versions,
            chooser,
            applier,
            groups,
            new ViewApplier(versions, files, publisher, listener, clock, crashPoints),
            published,
            new LaneExpiry(
                expiries,
                versions,
                new SnapshotExpiry(publisher, published, listener, clock, crashPoints),
                clock),
            pools,
            cleanup,
            new LaneResync(new Resyncs(database, clock), chooser, applier, ledger, files),
            new PointerWriter(replicas, tables, versions),
            new BucketCheck(versions, publisher),
            this.ends,
            LaneWiring::nonce,
            wake,
            crashPoints);
    WorkUnderWay underWay = new WorkUnderWay(wake);
    this.held = new HeldLeases(leases, processId, settings.lanes().lease(), underWay::lost);
    AttemptTimes attempts = new AttemptTimes();
    Lane lane =
        new Lane(
            replicas,
            held,
            underWay,
            work,
            new FailedAttempts(replicas, failures, tables, waits, attempts, clock),
            clock,
            wake);
    this.stopWatch = new StopWatch(replicas, underWay, settings.lanes().poll());
    this.progress = new ProgressReports(underWay, new ProgressRows(database), clock);
    this.wake = wake;
    this.watch = new GroupWatch(groups, wake, settings.lanes().poll());
    NamespacePointers namespaces =
        new NamespacePointers(
            new MirroredNamespaces(database, clock), this.ends.destinations(), crashPoints);
    WaitingReplicas waiting =
        new WaitingReplicas(
            replicas,
            new Sources(database),
            processId,
            settings.lanes().lanes() * 4,
            WaitingReplicas.FEW,
            attempts,
            clock,
            System::nanoTime);
    this.lanes = new Lanes(waiting, lane, namespaces, settings.lanes(), threads, wake);
  }

  private static Ends wired(ReplicatorEnds ends, SourceTables tables) {
    Map<String, Function<Replica, ObjectStore>> sources =
        ends.sources().stream()
            .collect(
                Collectors.toMap(
                    ReplicatorEnds.Source::name,
                    source -> replica -> source.files().of(() -> table(tables, replica))));
    Map<String, List<String>> allowed =
        ends.sources().stream()
            .collect(
                Collectors.toMap(
                    ReplicatorEnds.Source::name, ReplicatorEnds.Source::allowedLocations));
    Map<String, ObjectStore> destinations =
        ends.destinations().stream()
            .collect(
                Collectors.toMap(
                    ReplicatorEnds.Destination::name, ReplicatorEnds.Destination::store));
    return new Ends(sources, allowed, destinations, retentions(ends), graces(ends));
  }

  private static Map<String, ReplicaRetention> retentions(ReplicatorEnds ends) {
    Map<String, ReplicaRetention> retentions = new HashMap<>();
    for (ReplicatorEnds.Destination destination : ends.destinations()) {
      Ends.bounds(destination.retention())
          .ifPresent(bounds -> retentions.put(destination.name(), bounds));
    }
    return retentions;
  }

  private static Map<String, Duration> graces(ReplicatorEnds ends) {
    return ends.destinations().stream()
        .collect(
            Collectors.toMap(
                ReplicatorEnds.Destination::name, ReplicatorEnds.Destination::deletionGrace));
  }

  /** Its name at the source, which it may have changed since the replica was made. */
  private static TableIdentifier table(SourceTables tables, Replica replica) {
    return tables.find(replica.tableId()).orElseThrow().name();
  }

  private static String nonce() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "replicator-lane");
    thread.setDaemon(true);
    return thread;
  }

  /** Starts giving replicas to lanes. */
  public void start() {
    remind();
    threads.execute(lanes);
    threads.execute(watch);
    threads.execute(stopWatch);
    threads.execute(progress);
  }

  /**
   * The configuration may have other retentions than at the last start, or allow what it did not.
   */
  private void remind() {
    failures.tryGivenUp();
    cleanup.remind();
    ends.destinations()
        .keySet()
        .forEach(
            name ->
                expiries.retention(
                    name,
                    Optional.ofNullable(ends.retentions().get(name)).map(LaneExpiry::nameOf)));
  }

  /** Tells the lanes to end: what they are copying is cut off, what is staged stays. */
  public void end() {
    wake.end();
    watch.end();
    stopWatch.end();
    progress.end();
    threads.shutdown();
    pools.cancel();
  }

  /** Waits for the lanes to end, and gives their leases back, also those of lanes that have not. */
  public void handBack(EndTime end) {
    end.await(threads);
    pools.awaitEnd(end);
    held.close();
  }
}
