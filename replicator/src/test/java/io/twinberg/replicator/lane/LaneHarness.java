package io.twinberg.replicator.lane;

import io.twinberg.database.Database;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.SourceTables;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Cleanups;
import io.twinberg.replica.CondemnedFiles;
import io.twinberg.replica.Expiries;
import io.twinberg.replica.GroupPublisher;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import io.twinberg.replica.Ledger;
import io.twinberg.replica.Publisher;
import io.twinberg.replica.Replica;
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
import io.twinberg.replicator.task.TaskPools;
import io.twinberg.replicator.unreferenced.Condemnation;
import io.twinberg.replicator.unreferenced.Deletion;
import io.twinberg.replicator.view.ViewApplier;
import io.twinberg.storage.ObjectStore;
import io.twinberg.wake.Wake;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** A lane that works when it is told to, in the thread that tells it, and fails there. */
public final class LaneHarness implements AutoCloseable {
  /** How often files are looked for that nothing names, and how long they stay then. */
  private static final Duration DELETION = Duration.ofHours(1);

  private final TaskPools pools = new TaskPools(2, 2);
  private final Leases leases;
  private final Replicas replicas;
  private final LaneWork work;

  /**
   * A lane over one store.
   *
   * @param retentions by the names of destinations; those that are not listed keep everything
   */
  public LaneHarness(
      Database database,
      Clock clock,
      ObjectStore store,
      List<String> allowedLocations,
      List<String> destinations,
      Map<String, ReplicaRetention> retentions) {
    this.leases = new Leases(database);
    this.replicas = new Replicas(database, clock);
    VersionLog versions = new VersionLog(database, clock);
    MetadataFiles files = new MetadataFiles(64 << 20);
    PublishedMetadata published = new PublishedMetadata(16 << 20, files);
    Publisher publisher = new Publisher(database, clock, ReplicaListener.NONE);
    GroupPublisher groups =
        new GroupPublisher(
            database,
            versions,
            publisher,
            ReplicaListener.NONE,
            Duration.ofMinutes(15),
            clock,
            CrashPoints.NONE);
    Ledger ledger = new Ledger(database);
    CondemnedFiles condemned = new CondemnedFiles(database, clock);
    VersionApplier applier =
        new VersionApplier(
            ledger,
            condemned,
            publisher,
            groups,
            published,
            new MetadataTrees(),
            ReplicaListener.NONE,
            clock,
            CrashPoints.NONE);
    LaneCleanup cleanup =
        new LaneCleanup(
            new Cleanups(database),
            new Condemnation(ledger, condemned, CrashPoints.NONE),
            new Deletion(condemned, pools, clock, CrashPoints.NONE),
            published,
            applier,
            groups,
            pools,
            clock,
            DELETION,
            new RetryWaits(Duration.ofMillis(10), Duration.ofMillis(10), new Random(1)));
    VersionChooser chooser = new VersionChooser(versions, new RecentVersions(1 << 20), files);
    this.work =
        new LaneWork(
            replicas,
            versions,
            chooser,
            applier,
            groups,
            new ViewApplier(
                versions, files, publisher, ReplicaListener.NONE, clock, CrashPoints.NONE),
            published,
            new LaneExpiry(
                new Expiries(database, clock),
                versions,
                new SnapshotExpiry(
                    publisher, published, ReplicaListener.NONE, clock, CrashPoints.NONE),
                clock),
            pools,
            cleanup,
            new LaneResync(new Resyncs(database, clock), chooser, applier, ledger, files),
            new PointerWriter(replicas, new SourceTables(database, clock), versions),
            new BucketCheck(versions, publisher),
            new Ends(
                Map.of("main", replica -> store),
                Map.of("main", allowedLocations),
                destinations.stream()
                    .collect(java.util.stream.Collectors.toMap(name -> name, name -> store)),
                retentions,
                destinations.stream()
                    .collect(java.util.stream.Collectors.toMap(name -> name, name -> DELETION))),
            () -> UUID.randomUUID().toString(),
            new Wake(),
            CrashPoints.NONE);
  }

  /** Applies what waits and returns the replica as it is then. */
  public Replica run(String replicaId) {
    Lease lease =
        leases.claim(Lease.ofReplica(replicaId), "harness", Duration.ofMinutes(5)).orElseThrow();
    try {
      Replica replica = replicas.find(replicaId).orElseThrow();
      work.run(replica, ClaimedWork.on(replica, lease, new Wake()));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      leases.release(lease);
    }
    return replicas.find(replicaId).orElseThrow();
  }

  @Override
  public void close() {
    pools.close();
  }
}
