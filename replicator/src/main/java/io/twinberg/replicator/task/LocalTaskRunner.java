package io.twinberg.replicator.task;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replicator.copy.FileCopier;
import io.twinberg.replicator.copy.FileCopy;
import io.twinberg.replicator.delete.DeleteFileRewriter;
import io.twinberg.replicator.rewrite.BadManifestException;
import io.twinberg.replicator.rewrite.ManifestEntry;
import io.twinberg.replicator.rewrite.ManifestProblemException;
import io.twinberg.replicator.rewrite.ManifestTranscoder;
import io.twinberg.replicator.rewrite.PathMapping;
import io.twinberg.replicator.rewrite.RewrittenDelete;
import io.twinberg.replicator.rewrite.TranscodedManifest;
import io.twinberg.replicator.task.ReplicationTask.CopyFile;
import io.twinberg.replicator.task.ReplicationTask.ManifestTask;
import io.twinberg.replicator.task.ReplicationTask.PutList;
import io.twinberg.replicator.task.ReplicationTask.RewriteDeletes;
import io.twinberg.replicator.task.ReplicationTask.RewriteManifest;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the tasks of one attempt in the pools of this process. */
public final class LocalTaskRunner implements TaskRunner {
  private final TaskPools pools;
  private final ObjectStore source;
  private final ObjectStore destination;
  private final ManifestTranscoder transcoder;
  private final FileCopier copier;
  private final PathMapping mapping;
  private final DeleteFiles deleteFiles;
  private final Optional<StandingFiles> standing;
  private final TransferProgress progress;
  private final CrashPoints crashPoints;

  // Manifests of one snapshot share the list of copied ones; the last set is kept for the next of
  // them.
  private List<String> lastCopied = List.of();
  private KnownFiles lastKnown = new KnownFiles();

  /**
   * A runner between two stores with one replica's mapping.
   *
   * @param known the delete files that earlier attempts have rewritten
   * @param standing tells, in place of manifests at the destination, which files are there
   * @param progress counts the files under the manifests
   */
  public LocalTaskRunner(
      TaskPools pools,
      ObjectStore source,
      ObjectStore destination,
      PathMapping mapping,
      KnownDeletes known,
      Optional<StandingFiles> standing,
      TransferProgress progress,
      CrashPoints crashPoints) {
    this.pools = pools;
    this.source = source;
    this.destination = destination;
    this.transcoder = new ManifestTranscoder(mapping, pools.blocks(), TaskPools.processors() + 1);
    this.copier = new FileCopier(source, destination);
    this.mapping = mapping;
    this.standing = standing;
    this.progress = progress;
    this.crashPoints = crashPoints;
    this.deleteFiles =
        new DeleteFiles(
            new DeleteFileRewriter(source, destination, mapping),
            mapping,
            known,
            pools.files(),
            progress);
  }

  @Override
  public Future<TaskResult> run(ReplicationTask task) {
    if (task instanceof CopyFile copy) {
      return pools.files().submit(() -> copyFile(copy));
    }
    if (task instanceof PutList list) {
      return pools.files().submit(() -> put(list));
    }
    return rewrite((ManifestTask) task).finished();
  }

  @Override
  public Rewriting rewrite(ManifestTask task) {
    CompletableFuture<TranscodedManifest> manifest = new CompletableFuture<>();
    FutureTask<TaskResult> whole =
        new FutureTask<>(() -> carryOut(task, manifest)) {
          /** Whoever waits for the manifest learns of every end, also of one before the start. */
          @Override
          protected void done() {
            failWith(manifest, this);
          }
        };
    pools.manifests().execute(whole);
    return new Rewriting(manifest, whole);
  }

  @Override
  public Rewriting rewriteHere(RewriteManifest task) throws InterruptedException {
    try {
      Begun begun = begin(task);
      FutureTask<TaskResult> rest = new Rest(begun);
      execute(rest);
      return new Rewriting(CompletableFuture.completedFuture(begun.manifest()), rest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void execute(FutureTask<TaskResult> rest) {
    try {
      pools.manifests().execute(rest);
    } catch (RuntimeException e) {
      // Nobody may leave half a manifest behind that will never be written.
      rest.cancel(false);
      throw e;
    }
  }

  @Override
  public TaskResult putHere(PutList list) {
    return put(list);
  }

  /** A data manifest whose copy has not been written yet, and the files under it on their way. */
  private record Begun(TranscodedManifest manifest, StoreOutput out, CopyBatch copies) {}

  /** Writes a manifest; cancelled before it has run, it leaves no half of one. */
  private static final class Rest extends FutureTask<TaskResult> {
    private final AtomicBoolean taken;
    private final StoreOutput out;

    Rest(Begun begun) {
      this(begun, new AtomicBoolean());
    }

    private Rest(Begun begun, AtomicBoolean taken) {
      super(() -> taken.compareAndSet(false, true) ? end(begun) : TaskResult.of(0, 0));
      this.taken = taken;
      this.out = begun.out();
    }

    @Override
    protected void done() {
      if (isCancelled() && taken.compareAndSet(false, true)) {
        out.abort();
      }
    }
  }

  private Begun begin(RewriteManifest task) throws IOException, InterruptedException {
    CopyBatch copies = new CopyBatch(pools.files());
    StoreOutput out = destination.create(task.targetPath());
    try {
      TranscodedManifest manifest =
          transcode(
              task,
              out,
              (in, target) ->
                  transcoder.transcode(
                      in, target, (entry, path) -> copy(task, copies, entry, path)));
      return new Begun(manifest, out, copies);
    } catch (IOException | RuntimeException | InterruptedException e) {
      out.abort();
      // Whatever happens, nothing of this task goes on after it has ended.
      copies.await();
      throw e;
    }
  }

  private static TaskResult end(Begun begun) throws InterruptedException {
    try {
      begun.out().close();
    } catch (RuntimeException e) {
      begun.out().abort();
      throw e;
    } finally {
      begun.copies().await();
    }
    return new TaskResult(
        begun.copies().files() + 1,
        begun.copies().bytes() + begun.manifest().lengthInBytes(),
        Optional.of(begun.manifest()),
        Map.of());
  }

  private static void failWith(CompletableFuture<?> manifest, Future<?> whole) {
    try {
      whole.get();
    } catch (ExecutionException e) {
      manifest.completeExceptionally(e.getCause());
    } catch (CancellationException e) {
      manifest.cancel(false);
    } catch (InterruptedException e) {
      // Does not happen: the task has ended.
      Thread.currentThread().interrupt();
      manifest.completeExceptionally(e);
    }
  }

  private TaskResult put(PutList list) {
    destination.put(list.targetPath(), list.bytes());
    return TaskResult.of(1, list.bytes().length);
  }

  private long copy(CopyFile copy) {
    long bytes =
        copier
            .copy(new FileCopy(copy.sourcePath(), copy.targetPath(), copy.lengthInBytes()))
            .bytes();
    crashPoints.passed(CrashPoint.FILE_COPIED);
    return bytes;
  }

  private TaskResult carryOut(ManifestTask task, CompletableFuture<TranscodedManifest> manifest)
      throws IOException, InterruptedException {
    return task instanceof RewriteDeletes deletes
        ? deletes(deletes, manifest)
        : data((RewriteManifest) task, manifest);
  }

  private TaskResult data(RewriteManifest task, CompletableFuture<TranscodedManifest> manifest)
      throws IOException, InterruptedException {
    Begun begun = begin(task);
    manifest.complete(begun.manifest());
    return end(begun);
  }

  private TaskResult deletes(RewriteDeletes task, CompletableFuture<TranscodedManifest> manifest)
      throws IOException, InterruptedException {
    CopyBatch copies = new CopyBatch(pools.files());
    DeleteFiles.Under under = deleteFiles.under(task.suffix());
    StoreOutput out = destination.create(task.targetPath());
    TranscodedManifest written;
    try {
      written =
          transcode(
              task,
              out,
              (in, target) ->
                  transcoder.transcodeDeletes(
                      in, target, block -> bring(task, copies, under, block)));
      manifest.complete(written);
      out.close();
    } catch (IOException | RuntimeException | InterruptedException e) {
      out.abort();
      throw e;
    } finally {
      copies.await();
      under.end();
    }
    return new TaskResult(
        copies.files() + under.files() + 1,
        copies.bytes() + under.bytes() + written.lengthInBytes(),
        Optional.of(written),
        under.fresh());
  }

  /** Starts copying equality deletes, which name no files, and rewrites the others. */
  private Map<String, RewrittenDelete> bring(
      RewriteDeletes task, CopyBatch copies, DeleteFiles.Under under, List<ManifestEntry> block)
      throws InterruptedException {
    for (ManifestEntry entry : block) {
      if (!entry.isPositionDelete()) {
        copy(task, copies, entry, mapping.map(entry.path()));
      }
    }
    Map<String, RewrittenDelete> rewritten = under.rewritten(block);
    block.stream()
        .filter(entry -> entry.isPositionDelete() && entry.isLive())
        .forEach(entry -> progress.fileDone());
    return rewritten;
  }

  /** What turns a manifest's bytes into its copy's. */
  private interface Transcoding {
    TranscodedManifest run(InputStream in, StoreOutput out)
        throws IOException, InterruptedException;
  }

  private TranscodedManifest transcode(ManifestTask task, StoreOutput out, Transcoding transcoding)
      throws IOException, InterruptedException {
    try (InputStream in = source.open(task.sourcePath())) {
      return transcoding.run(in, out);
    } catch (ManifestProblemException e) {
      throw new BadManifestException(task.sourcePath(), e);
    }
  }

  private void copy(ManifestTask task, CopyBatch copies, ManifestEntry entry, String targetPath) {
    if (!entry.isLive()) {
      return;
    }
    if (isThere(task, entry, targetPath)) {
      progress.fileDone();
    } else {
      copies.start(() -> counted(new CopyFile(entry.path(), targetPath, entry.lengthInBytes())));
    }
  }

  private long counted(CopyFile file) {
    long bytes = copy(file);
    progress.copied(bytes);
    progress.fileDone();
    return bytes;
  }

  private boolean isThere(ManifestTask task, ManifestEntry entry, String targetPath) {
    return standing.isPresent()
        ? standing.get().has(targetPath, entry.lengthInBytes())
        : known(task).contains(targetPath);
  }

  private TaskResult copyFile(CopyFile file) {
    return standing.filter(files -> files.has(file.targetPath(), file.lengthInBytes())).isPresent()
        ? TaskResult.of(0, 0)
        : TaskResult.of(1, copy(file));
  }

  private synchronized KnownFiles known(ManifestTask task) {
    if (!lastCopied.equals(task.copied())) {
      lastKnown = KnownFiles.of(task.copied(), destination);
      lastCopied = task.copied();
    }
    return lastKnown;
  }

  /**
   * What a task threw, to be thrown in place of the wrapping. Who waited for a task that was
   * interrupted stays uninterrupted: H2 closes its file for all when an interrupted thread uses it.
   */
  public static RuntimeException unwrap(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof RuntimeException runtime) {
      return runtime;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(cause);
  }
}
