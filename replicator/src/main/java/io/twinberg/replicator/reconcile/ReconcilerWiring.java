package io.twinberg.replicator.reconcile;

import io.twinberg.database.Database;
import io.twinberg.database.FarTimes;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.AwaitedVersions;
import io.twinberg.log.IntentLog;
import io.twinberg.log.SourceTables;
import io.twinberg.log.Sources;
import io.twinberg.log.TableChecks;
import io.twinberg.log.VersionLog;
import io.twinberg.prune.AuditPruner;
import io.twinberg.prune.Pruner;
import io.twinberg.replica.Leases;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.metadata.MetadataTrees;
import io.twinberg.replicator.metadata.RecentVersions;
import io.twinberg.replicator.prefetch.Prefetch;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.replicator.settings.ReplicatorSettings;
import io.twinberg.wake.Wake;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** Wires the reconcilers of all sources over what they share. */
public final class ReconcilerWiring {
  private final Database database;
  private final ReplicatorSettings settings;
  private final IntentLog intents;
  private final AwaitedVersions awaited;
  private final SourceTables tables;
  private final TableChecks checks;
  private final VersionLog versions;
  private final ReplicaDirectory replicas;
  private final MirroredNamespaces namespaces;
  private final Targets targets;
  private final Leases leases;
  private final Clock clock;
  private final String processId;
  private final Wake laneWake;
  private final RecentVersions recent;
  private final MetadataTrees trees;
  private final CrashPoints crashPoints;

  /** The shared parts. */
  public ReconcilerWiring(
      Database database,
      Targets targets,
      ReplicatorSettings settings,
      IntentLog intents,
      Leases leases,
      Clock clock,
      String processId,
      Wake laneWake,
      RecentVersions recent,
      MetadataTrees trees,
      ReplicaListener listener,
      CrashPoints crashPoints) {
    this.database = database;
    this.settings = settings;
    this.intents = intents;
    this.awaited = new AwaitedVersions(database);
    this.tables = new SourceTables(database, clock);
    this.checks = new TableChecks(database, clock);
    this.versions = new VersionLog(database, clock);
    this.replicas =
        new ReplicaDirectory(
            new Replicas(database, clock),
            targets,
            ReconcilerWiring::newReplicaId,
            listener,
            laneWake,
            crashPoints);
    this.namespaces = new MirroredNamespaces(database, clock);
    this.targets = targets;
    this.leases = leases;
    this.clock = clock;
    this.processId = processId;
    this.laneWake = laneWake;
    this.recent = recent;
    this.trees = trees;
    this.crashPoints = crashPoints;
  }

  /**
   * Twelve letters and digits of a random UUID, the first of them a digit, as the folder's name
   * wants it.
   */
  private static String newReplicaId() {
    String random = UUID.randomUUID().toString().replace("-", "");
    return "0" + random.substring(0, 11);
  }

  /** The reconciler of one source, whose lanes read from {@code files}, woken by {@code wake}. */
  public SourceReconciler reconciler(ReplicatorEnds.Source source, Prefetch files, Wake wake) {
    RequestBudget budget = new RequestBudget(settings.requestsPerSecond());
    TableReconciler table = entries(source, files, SourceEntries.tables(source.reader()), budget);
    TableReconciler view = entries(source, files, SourceEntries.views(source.reader()), budget);
    NamespaceReconciler namespace =
        new NamespaceReconciler(
            source.name(),
            source.reader(),
            namespaces,
            targets,
            ReconcilerWiring::newReplicaId,
            budget,
            crashPoints);
    IntentReconciler explainer =
        new IntentReconciler(
            source.name(),
            intents,
            awaited,
            tables,
            versions,
            table,
            view,
            namespace,
            clock,
            settings.settle(),
            crashPoints);
    Sweep sweep =
        new Sweep(
            source.name(),
            source.reader(),
            new Sources(database),
            tables,
            checks,
            table,
            view,
            namespace,
            replicas,
            budget,
            clock,
            settings.sweepInterval());
    return new SourceReconciler(
        source.name(),
        intents,
        explainer,
        sweep,
        List.of(
            new Pruner(source.name(), database, clock, settings.logRetention()),
            new AuditPruner(database, clock, settings.auditRetention())),
        farTimes(source.name()),
        new SourceLease(source.name(), leases, processId),
        wake,
        settings.lanes().poll());
  }

  private FarTimesWatch farTimes(String source) {
    FarTimes farTimes =
        new FarTimes(database, clock, settings.lanes().longestRetry(), settings.sweepInterval());
    return new FarTimesWatch(
        source,
        farTimes,
        new SetBackClock(clock::instant, System::nanoTime),
        new SetBackClock(farTimes::databaseTime, System::nanoTime),
        System::nanoTime);
  }

  private TableReconciler entries(
      ReplicatorEnds.Source source, Prefetch files, SourceEntries entries, RequestBudget budget) {
    return new TableReconciler(
        source.name(),
        source.reader(),
        entries,
        files,
        new MetadataFiles(settings.metadataLimitInBytes()),
        awaited,
        tables,
        versions,
        trees,
        replicas,
        budget,
        new VersionWriter(
            source.name(),
            entries.kind(),
            versions,
            recent,
            laneWake,
            new ChainEvidence(source.name(), new Sources(database)),
            crashPoints),
        crashPoints);
  }
}
