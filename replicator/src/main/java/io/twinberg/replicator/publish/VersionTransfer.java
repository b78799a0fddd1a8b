package io.twinberg.replicator.publish;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Ledger;
import io.twinberg.replica.LedgerEntry;
import io.twinberg.replicator.merge.MissingParts.MissingSnapshot;
import io.twinberg.replicator.merge.MissingParts.StatisticsPath;
import io.twinberg.replicator.merge.SnapshotManifests.InList;
import io.twinberg.replicator.plan.SnapshotPlan;
import io.twinberg.replicator.plan.SnapshotPlanner;
import io.twinberg.replicator.rewrite.BadManifestException;
import io.twinberg.replicator.rewrite.ListedManifest;
import io.twinberg.replicator.rewrite.ManifestProblemException;
import io.twinberg.replicator.rewrite.RewrittenFile;
import io.twinberg.replicator.rewrite.TranscodedManifest;
import io.twinberg.replicator.task.LocalTaskRunner;
import io.twinberg.replicator.task.ReplicationTask.CopyFile;
import io.twinberg.replicator.task.ReplicationTask.ManifestTask;
import io.twinberg.replicator.task.ReplicationTask.PutList;
import io.twinberg.replicator.task.ReplicationTask.RewriteManifest;
import io.twinberg.replicator.task.Rewriting;
import io.twinberg.replicator.task.TaskResult;
import io.twinberg.replicator.task.TaskRunner;
import io.twinberg.replicator.task.TransferProgress;
import io.twinberg.storage.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Brings the snapshots and statistics files that a replica lacks of one version to the destination.
 */
final class VersionTransfer implements AutoCloseable {
  /** Work that has been started, and the snapshot that needs it, if one alone does. */
  private record Pending(OptionalLong snapshotId, Future<TaskResult> result) {}

  /** From so many new manifests on, losing them in a crash costs more than recording each. */
  private static final int STAGED_MANIFESTS = 4;

  private final Attempt attempt;
  private final TaskRunner runner;
  private final SnapshotPlanner planner;
  private final Ledger ledger;
  private final Map<String, LedgerEntry> adoptable;
  private final boolean staged;
  private final TransferProgress progress;
  private final CrashPoints crashPoints;

  private final Map<String, RewrittenFile> rewritten = new HashMap<>();
  private final List<LedgerEntry> entries = new ArrayList<>();
  private final Map<String, LedgerEntry> deletes = new HashMap<>();
  private final List<Pending> pending = new ArrayList<>();
  private final RecentManifests recent;
  private long files;
  private long bytes;

  /**
   * @param recent shared with the planner, which asks it for the manifests of neighbours
   * @param adoptable what earlier attempts have staged; what of it is used is published with this
   *     version
   * @param staged whether every finished manifest is recorded at once, so that a crashed backfill
   *     goes on from there
   * @param progress is shown until this is closed
   */
  VersionTransfer(
      Attempt attempt,
      TaskRunner runner,
      SnapshotPlanner planner,
      RecentManifests recent,
      Ledger ledger,
      Map<String, LedgerEntry> adoptable,
      boolean staged,
      TransferProgress progress,
      CrashPoints crashPoints) {
    this.attempt = attempt;
    this.runner = runner;
    this.planner = planner;
    this.recent = recent;
    this.ledger = ledger;
    this.adoptable = adoptable;
    this.staged = staged;
    this.progress = progress;
    this.crashPoints = crashPoints;
    attempt.underWay().set(progress);
  }

  /** Starts copying statistics files. */
  void statistics(Collection<StatisticsPath> paths) {
    for (StatisticsPath file : paths) {
      String target = attempt.mapping().map(file.path());
      pending.add(
          new Pending(
              OptionalLong.empty(), runner.run(new CopyFile(file.path(), target, file.length()))));
    }
  }

  /** Plans one snapshot; those before it have been brought. */
  SnapshotPlan plan(MissingSnapshot snapshot) {
    try {
      // Their targets have other names; the mapping refuses what must not even be read.
      if (snapshot.manifests() instanceof InList list) {
        attempt.mapping().map(list.location());
      }
      SnapshotPlan plan = planner.plan(snapshot, rewritten);
      plan.tasks().forEach(task -> attempt.mapping().map(task.sourcePath()));
      progress.planned(plan.files(), plan.bytes());
      return plan;
    } catch (StoreException e) {
      throw explained(e, OptionalLong.of(snapshot.snapshotId()));
    }
  }

  /**
   * Brings a planned snapshot: its new manifests with their files, then its manifest list.
   *
   * @param last whether nothing is left to begin after it
   */
  void bring(SnapshotPlan plan, boolean last) throws InterruptedException {
    try {
      transfer(plan, last);
      progress.snapshotDone();
    } catch (StoreException e) {
      throw explained(e, OptionalLong.of(plan.snapshot().snapshotId()));
    }
  }

  private RuntimeException explained(StoreException e, OptionalLong snapshotId) {
    return e.kind() == StoreException.Kind.MISSING && attempt.atSource(e.location())
        ? new SourceFileMissingException(e, snapshotId)
        : e;
  }

  private void transfer(SnapshotPlan plan, boolean last) throws InterruptedException {
    MissingSnapshot snapshot = plan.snapshot();
    adopt(plan);
    rewrite(plan, OptionalLong.of(snapshot.snapshotId()));
    plan.rewriteList(rewritten).ifPresent(list -> put(snapshot, list, last));
    recent.remember(snapshot.snapshotId(), targets(plan));
  }

  private void put(MissingSnapshot snapshot, byte[] list, boolean last) {
    String target = attempt.names().manifestList(snapshot.snapshotId());
    PutList put = new PutList(target, list);
    if (last) {
      count(runner.putHere(put));
    } else {
      pending.add(new Pending(OptionalLong.of(snapshot.snapshotId()), runner.run(put)));
    }
    entries.add(
        new LedgerEntry(
            LedgerEntry.Kind.MANIFEST_LIST,
            ((InList) snapshot.manifests()).location(),
            target,
            list.length));
  }

  /** What a crashed attempt staged becomes part of what this one publishes. */
  private void adopt(SnapshotPlan plan) {
    if (plan.manifests().stream().anyMatch(manifest -> manifest.content() != 0)) {
      // Which of them are under these manifests is not known without reading all of those.
      adoptable.values().stream()
          .filter(entry -> entry.kind() == LedgerEntry.Kind.DELETE_FILE)
          .forEach(entry -> deletes.putIfAbsent(entry.sourcePath(), entry));
    }
    for (String path : plan.present().keySet()) {
      if (!rewritten.containsKey(path) && adoptable.containsKey(path)) {
        entries.add(adoptable.get(path));
      }
    }
    rewritten.putAll(plan.present());
  }

  private List<String> targets(SnapshotPlan plan) {
    return plan.manifests().stream()
        .map(manifest -> rewritten.get(manifest.path()).path())
        .toList();
  }

  private void rewrite(SnapshotPlan plan, OptionalLong snapshotId) throws InterruptedException {
    Map<ManifestTask, Rewriting> started = new HashMap<>();
    if (plan.tasks().size() == 1 && plan.tasks().get(0) instanceof RewriteManifest only) {
      started.put(only, runner.rewriteHere(only));
    } else {
      plan.tasks().forEach(task -> started.put(task, runner.rewrite(task)));
    }
    Map<String, ListedManifest> listed = new HashMap<>();
    plan.manifests().forEach(manifest -> listed.put(manifest.path(), manifest));
    try {
      for (ManifestTask task : plan.tasks()) {
        transcoded(
            snapshotId,
            task,
            listed.get(task.sourcePath()),
            started.get(task),
            staged || plan.tasks().size() >= STAGED_MANIFESTS);
        started.remove(task);
      }
    } finally {
      started.values().forEach(rewriting -> rewriting.finished().cancel(true));
    }
  }

  private void transcoded(
      OptionalLong snapshotId,
      ManifestTask task,
      ListedManifest listed,
      Rewriting rewriting,
      boolean stage)
      throws InterruptedException {
    TranscodedManifest manifest = await(rewriting.manifest());
    requireCounts(manifest, listed);
    LedgerEntry entry =
        new LedgerEntry(
            LedgerEntry.Kind.MANIFEST,
            task.sourcePath(),
            task.targetPath(),
            manifest.lengthInBytes());
    if (stage) {
      // A row vouches for everything under the manifest.
      ledger.stage(
          attempt.replica().id(), attempt.lease(), with(entry, await(rewriting.finished())));
      // Crash after this: the next attempt finds the manifest and everything under it.
      crashPoints.passed(CrashPoint.MANIFEST_STAGED);
    } else {
      pending.add(new Pending(snapshotId, rewriting.finished()));
    }
    entries.add(entry);
    rewritten.put(
        task.sourcePath(), new RewrittenFile(task.targetPath(), manifest.lengthInBytes()));
  }

  private static void requireCounts(TranscodedManifest manifest, ListedManifest listed) {
    try {
      manifest.requireCountsOf(listed);
    } catch (ManifestProblemException e) {
      throw new BadManifestException(listed.path(), e);
    }
  }

  /** The rows of a manifest and of the delete files under it. */
  private List<LedgerEntry> with(LedgerEntry manifest, TaskResult result) {
    List<LedgerEntry> rows = new ArrayList<>(count(result));
    rows.add(manifest);
    return rows;
  }

  /** Counts what a task did and returns rows for the delete files that it is the first to use. */
  private List<LedgerEntry> count(TaskResult result) {
    files += result.files();
    bytes += result.bytes();
    List<LedgerEntry> fresh = new ArrayList<>();
    result
        .deletes()
        .forEach(
            (path, target) -> {
              LedgerEntry row =
                  new LedgerEntry(
                      LedgerEntry.Kind.DELETE_FILE,
                      path,
                      target.path(),
                      target.lengthInBytes(),
                      target.paths());
              if (!row.equals(deletes.put(path, row))) {
                fresh.add(row);
              }
            });
    return fresh;
  }

  /** Waits until everything that was started is at the destination. */
  void await() throws InterruptedException {
    for (Pending started : pending) {
      try {
        count(await(started.result()));
      } catch (StoreException e) {
        throw explained(e, started.snapshotId());
      }
    }
    pending.clear();
  }

  /** Cuts off what an attempt that failed has left under way. */
  @Override
  public void close() {
    attempt.underWay().set(null);
    pending.forEach(started -> started.result().cancel(true));
    pending.clear();
  }

  private static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw LocalTaskRunner.unwrap(e);
    }
  }

  /** The manifests of the version's new snapshots, by source path. */
  Map<String, RewrittenFile> manifests() {
    return rewritten;
  }

  List<LedgerEntry> entries() {
    List<LedgerEntry> all = new ArrayList<>(entries);
    all.addAll(deletes.values());
    return all;
  }

  long files() {
    return files;
  }

  long bytes() {
    return bytes;
  }
}
