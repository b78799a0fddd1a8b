package io.twinberg.replicator.task;

import io.twinberg.replicator.delete.DeleteFileRewriter;
import io.twinberg.replicator.rewrite.ManifestEntry;
import io.twinberg.replicator.rewrite.PathMapping;
import io.twinberg.replicator.rewrite.RewrittenDelete;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * The delete files of one attempt: each is rewritten once, however many entries of however many
 * manifests name it, as those of a Puffin file do.
 */
final class DeleteFiles {
  private final DeleteFileRewriter rewriter;
  private final PathMapping mapping;
  private final KnownDeletes known;
  private final Executor executor;
  private final TransferProgress progress;
  private final Map<String, FutureTask<RewrittenDelete>> byPath = new ConcurrentHashMap<>();

  DeleteFiles(
      DeleteFileRewriter rewriter,
      PathMapping mapping,
      KnownDeletes known,
      Executor executor,
      TransferProgress progress) {
    this.rewriter = rewriter;
    this.mapping = mapping;
    this.known = known;
    this.executor = executor;
    this.progress = progress;
  }

  /** The work on the files of one manifest. */
  Under under(String suffix) {
    return new Under(suffix);
  }

  /** The rewritten files under one manifest. */
  final class Under {
    private final String suffix;
    private final Map<String, Future<RewrittenDelete>> fresh = new HashMap<>();
    private final List<Future<RewrittenDelete>> own = new ArrayList<>();
    private long files;
    private long bytes;

    private Under(String suffix) {
      this.suffix = suffix;
    }

    /** Rewrites what of a block's position deletes is live and not rewritten yet; waits for it. */
    Map<String, RewrittenDelete> rewritten(List<ManifestEntry> block) throws InterruptedException {
      Set<String> unknown = unknown(block);
      Map<String, RewrittenDelete> found = unknown.isEmpty() ? Map.of() : known.find(unknown);
      Map<String, RewrittenDelete> all = new HashMap<>(found);
      Set<String> named = new HashSet<>();
      for (ManifestEntry entry : block) {
        // A deleted entry's file may be gone at the source; if it is ours already, it says so.
        boolean wanted =
            entry.isPositionDelete() && (entry.isLive() || byPath.containsKey(entry.path()));
        if (wanted && !found.containsKey(entry.path()) && named.add(entry.path())) {
          fresh.put(entry.path(), started(entry));
        }
      }
      for (String path : named) {
        all.put(path, await(fresh.get(path)));
      }
      return all;
    }

    private Set<String> unknown(List<ManifestEntry> block) {
      Set<String> unknown = new HashSet<>();
      for (ManifestEntry entry : block) {
        if (entry.isPositionDelete() && !byPath.containsKey(entry.path())) {
          unknown.add(entry.path());
        }
      }
      return unknown;
    }

    private Future<RewrittenDelete> started(ManifestEntry entry) {
      FutureTask<RewrittenDelete> task = new FutureTask<>(() -> rewrite(entry));
      FutureTask<RewrittenDelete> other = byPath.putIfAbsent(entry.path(), task);
      if (other != null) {
        return other;
      }
      try {
        executor.execute(task);
      } catch (RuntimeException e) {
        // Nobody may wait for what will never run.
        task.cancel(false);
        throw e;
      }
      own.add(task);
      return task;
    }

    private RewrittenDelete rewrite(ManifestEntry entry) {
      RewrittenDelete file =
          rewriter.rewrite(
              entry.path(),
              DeleteNames.named(mapping.map(entry.path()), suffix),
              entry.format(),
              entry.recordCount());
      progress.copied(entry.lengthInBytes());
      return file;
    }

    private RewrittenDelete await(Future<RewrittenDelete> task) throws InterruptedException {
      try {
        return task.get();
      } catch (ExecutionException e) {
        throw LocalTaskRunner.unwrap(e);
      }
    }

    /** Waits until nothing that this manifest has started is being written any more. */
    void end() throws InterruptedException {
      for (Future<RewrittenDelete> task : own) {
        try {
          RewrittenDelete file = task.get();
          files++;
          bytes += file.lengthInBytes();
        } catch (ExecutionException | RuntimeException e) {
          // Thrown already where it was waited for.
        }
      }
    }

    /** What this attempt has rewritten. */
    Map<String, RewrittenDelete> fresh() throws InterruptedException {
      Map<String, RewrittenDelete> all = new HashMap<>();
      for (Map.Entry<String, Future<RewrittenDelete>> task : fresh.entrySet()) {
        all.put(task.getKey(), await(task.getValue()));
      }
      return all;
    }

    long files() {
      return files;
    }

    long bytes() {
      return bytes;
    }
  }
}
