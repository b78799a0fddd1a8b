package io.twinberg.replicator.task;

import io.twinberg.replicator.copy.FileCopier;
import io.twinberg.replicator.copy.FileCopy;
import io.twinberg.replicator.rewrite.ManifestEntry;
import io.twinberg.replicator.rewrite.ManifestTranscoder;
import io.twinberg.replicator.rewrite.PathMapping;
import io.twinberg.replicator.rewrite.TranscodedManifest;
import io.twinberg.replicator.task.ReplicationTask.CopyFile;
import io.twinberg.replicator.task.ReplicationTask.PutList;
import io.twinberg.replicator.task.ReplicationTask.RewriteManifest;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Runs the tasks of one attempt in the pools of this process. */
public final class LocalTaskRunner implements TaskRunner {
  private final TaskPools pools;
  private final ObjectStore source;
  private final ObjectStore destination;
  private final ManifestTranscoder transcoder;
  private final FileCopier copier;

  // Manifests of one snapshot share the list of copied ones; the last set is kept for the next of
  // them.
  private List<String> lastCopied = List.of();
  private KnownFiles lastKnown = new KnownFiles();

  /** A runner between two stores with one replica's mapping. */
  public LocalTaskRunner(
      TaskPools pools, ObjectStore source, ObjectStore destination, PathMapping mapping) {
    this.pools = pools;
    this.source = source;
    this.destination = destination;
    this.transcoder = new ManifestTranscoder(mapping);
    this.copier = new FileCopier(source, destination);
  }

  @Override
  public Future<TaskResult> run(ReplicationTask task) {
    if (task instanceof CopyFile copy) {
      return pools.files().submit(() -> new TaskResult(1, copy(copy), Optional.empty()));
    }
    if (task instanceof PutList list) {
      return pools.files().submit(() -> put(list));
    }
    return rewrite((RewriteManifest) task).finished();
  }

  @Override
  public Rewriting rewrite(RewriteManifest task) {
    CompletableFuture<TranscodedManifest> manifest = new CompletableFuture<>();
    FutureTask<TaskResult> whole =
        new FutureTask<>(() -> rewrite(task, manifest)) {
          /** Whoever waits for the manifest learns of every end, also of one before the start. */
          @Override
          protected void done() {
            failWith(manifest, this);
          }
        };
    pools.manifests().execute(whole);
    return new Rewriting(manifest, whole);
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
    return new TaskResult(1, list.bytes().length, Optional.empty());
  }

  private long copy(CopyFile copy) {
    return copier
        .copy(new FileCopy(copy.sourcePath(), copy.targetPath(), copy.lengthInBytes()))
        .bytes();
  }

  private TaskResult rewrite(RewriteManifest task, CompletableFuture<TranscodedManifest> manifest)
      throws IOException, InterruptedException {
    CopyBatch copies = new CopyBatch(pools.files());
    TranscodedManifest written;
    try {
      written = transcode(task, copies, manifest);
    } finally {
      // Whatever happens, nothing of this task goes on after it has ended.
      copies.await();
    }
    return new TaskResult(
        copies.files() + 1, copies.bytes() + written.lengthInBytes(), Optional.of(written));
  }

  private TranscodedManifest transcode(
      RewriteManifest task, CopyBatch copies, CompletableFuture<TranscodedManifest> manifest)
      throws IOException {
    StoreOutput out = destination.create(task.targetPath());
    try (InputStream in = source.open(task.sourcePath())) {
      TranscodedManifest written =
          transcoder.transcode(in, out, (entry, target) -> visit(task, copies, entry, target));
      manifest.complete(written);
      out.close();
      return written;
    } catch (IOException | RuntimeException e) {
      out.abort();
      throw e;
    }
  }

  private void visit(
      RewriteManifest task, CopyBatch copies, ManifestEntry entry, String targetPath) {
    if (!entry.isLive()) {
      return;
    }
    if (entry.status() == ManifestEntry.Status.EXISTING && known(task).contains(targetPath)) {
      return;
    }
    copies.start(() -> copy(new CopyFile(entry.path(), targetPath, entry.lengthInBytes())));
  }

  private synchronized KnownFiles known(RewriteManifest task) {
    if (!lastCopied.equals(task.copied())) {
      lastKnown = KnownFiles.of(task.copied(), destination);
      lastCopied = task.copied();
    }
    return lastKnown;
  }

  /** Throws what a task threw, in place of the wrapping. */
  public static RuntimeException unwrap(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof RuntimeException runtime) {
      return runtime;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof InterruptedIOException || cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return new IllegalStateException(cause);
  }
}
