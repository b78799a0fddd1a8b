package io.twinberg.replicator.publish;

import io.twinberg.replicator.task.LocalTaskRunner;
import io.twinberg.replicator.task.TaskPools;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * A version's metadata file on its way to the destination, beside the files that it names: it is
 * merged from the start, and written once all snapshots have been planned.
 *
 * <p>Failure window: an attempt that fails between leaves a file that nothing names; its name bears
 * the attempt's token, so that it is never taken for another one's.
 */
final class MetadataWriting implements AutoCloseable {
  private final TaskPools pools;
  private final Future<WrittenMetadata> merged;
  private final Consumer<byte[]> put;
  private Future<WrittenMetadata> written;

  /**
   * Starts merging.
   *
   * @param put writes the merged bytes
   */
  MetadataWriting(TaskPools pools, Callable<WrittenMetadata> merge, Consumer<byte[]> put) {
    this.pools = pools;
    this.merged = pools.beside(merge);
    this.put = put;
  }

  /** Starts writing what has been merged, unless that was done before. */
  void write() {
    if (written == null) {
      written = pools.beside(this::putMerged);
    }
  }

  /** Waits for the merge alone, which was given to the same threads before this. */
  private WrittenMetadata putMerged() throws InterruptedException, ExecutionException {
    WrittenMetadata metadata = merged.get();
    put.accept(metadata.bytes());
    return metadata;
  }

  /** Waits until the file is written, and returns what is in it. */
  WrittenMetadata await() throws InterruptedException {
    write();
    try {
      // First the merge, so that its failure comes as it was thrown.
      merged.get();
      return written.get();
    } catch (ExecutionException e) {
      throw LocalTaskRunner.unwrap(e);
    }
  }

  @Override
  public void close() {
    merged.cancel(true);
    if (written != null) {
      written.cancel(true);
    }
  }
}
