package io.twinberg.replicator.publish;

import io.twinberg.replica.Ledger;
import io.twinberg.replica.LedgerEntry;
import io.twinberg.replicator.merge.MissingParts.MissingSnapshot;
import io.twinberg.replicator.merge.MissingParts.StatisticsPath;
import io.twinberg.replicator.plan.SnapshotPlan;
import io.twinberg.replicator.plan.SnapshotPlanner;
import io.twinberg.replicator.rewrite.ListedManifest;
import io.twinberg.replicator.rewrite.RewrittenFile;
import io.twinberg.replicator.rewrite.TranscodedManifest;
import io.twinberg.replicator.task.LocalTaskRunner;
import io.twinberg.replicator.task.ReplicationTask.CopyFile;
import io.twinberg.replicator.task.ReplicationTask.PutList;
import io.twinberg.replicator.task.ReplicationTask.RewriteManifest;
import io.twinberg.replicator.task.Rewriting;
import io.twinberg.replicator.task.TaskResult;
import io.twinberg.replicator.task.TaskRunner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Brings the snapshots and statistics files that a replica lacks of one version to the destination.
 */
final class VersionTransfer implements AutoCloseable {
  private final Attempt attempt;
  private final TaskRunner runner;
  private final SnapshotPlanner planner;
  private final Ledger ledger;
  private final boolean staged;

  private final Map<String, RewrittenFile> rewritten = new HashMap<>();
  private final Map<Long, String> manifestLists = new HashMap<>();
  private final List<LedgerEntry> entries = new ArrayList<>();
  private final List<Future<TaskResult>> pending = new ArrayList<>();
  private final RecentManifests recent;
  private long files;
  private long bytes;

  /**
   * @param recent shared with the planner, which asks it for the manifests of parents
   * @param staged whether finished manifests are recorded one by one, so that a crashed backfill
   *     goes on from there
   */
  VersionTransfer(
      Attempt attempt,
      TaskRunner runner,
      SnapshotPlanner planner,
      RecentManifests recent,
      Ledger ledger,
      boolean staged) {
    this.attempt = attempt;
    this.runner = runner;
    this.planner = planner;
    this.recent = recent;
    this.ledger = ledger;
    this.staged = staged;
  }

  /** Starts copying statistics files. */
  void statistics(Collection<StatisticsPath> paths) {
    for (StatisticsPath file : paths) {
      String target = attempt.mapping().map(file.path());
      pending.add(runner.run(new CopyFile(file.path(), target, file.length())));
    }
  }

  /** Brings one snapshot: its new manifests with their files, then its manifest list. */
  void snapshot(MissingSnapshot snapshot) throws InterruptedException {
    SnapshotPlan plan = planner.plan(snapshot, rewritten);
    rewritten.putAll(plan.present());
    rewrite(plan);
    String target = attempt.names().manifestList(snapshot.snapshotId());
    byte[] list = plan.rewriteList(rewritten);
    pending.add(runner.run(new PutList(target, list)));
    manifestLists.put(snapshot.snapshotId(), target);
    entries.add(
        new LedgerEntry(
            LedgerEntry.Kind.MANIFEST_LIST, snapshot.manifestList(), target, list.length));
    recent.remember(snapshot.snapshotId(), targets(plan));
  }

  private List<String> targets(SnapshotPlan plan) {
    return plan.manifests().stream()
        .map(manifest -> rewritten.get(manifest.path()).path())
        .toList();
  }

  private void rewrite(SnapshotPlan plan) throws InterruptedException {
    Map<RewriteManifest, Rewriting> started = new HashMap<>();
    plan.tasks().forEach(task -> started.put(task, runner.rewrite(task)));
    Map<String, ListedManifest> listed = new HashMap<>();
    plan.manifests().forEach(manifest -> listed.put(manifest.path(), manifest));
    try {
      for (RewriteManifest task : plan.tasks()) {
        transcoded(task, listed.get(task.sourcePath()), started.get(task));
        started.remove(task);
      }
    } finally {
      started.values().forEach(rewriting -> rewriting.finished().cancel(true));
    }
  }

  private void transcoded(RewriteManifest task, ListedManifest listed, Rewriting rewriting)
      throws InterruptedException {
    TranscodedManifest manifest = await(rewriting.manifest());
    manifest.requireCountsOf(listed);
    LedgerEntry entry =
        new LedgerEntry(
            LedgerEntry.Kind.MANIFEST,
            task.sourcePath(),
            task.targetPath(),
            manifest.lengthInBytes());
    if (staged) {
      // A row vouches for everything under the manifest.
      count(await(rewriting.finished()));
      ledger.stage(attempt.replica().id(), attempt.lease(), entry);
    } else {
      pending.add(rewriting.finished());
    }
    entries.add(entry);
    rewritten.put(
        task.sourcePath(), new RewrittenFile(task.targetPath(), manifest.lengthInBytes()));
  }

  private void count(TaskResult result) {
    files += result.files();
    bytes += result.bytes();
  }

  /** Waits until everything that was started is at the destination. */
  void await() throws InterruptedException {
    for (Future<TaskResult> future : pending) {
      count(await(future));
    }
    pending.clear();
  }

  /** Cuts off what is still under way. */
  @Override
  public void close() {
    pending.forEach(future -> future.cancel(true));
  }

  private static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw LocalTaskRunner.unwrap(e);
    }
  }

  Map<Long, String> manifestLists() {
    return manifestLists;
  }

  List<LedgerEntry> entries() {
    return entries;
  }

  long files() {
    return files;
  }

  long bytes() {
    return bytes;
  }
}
