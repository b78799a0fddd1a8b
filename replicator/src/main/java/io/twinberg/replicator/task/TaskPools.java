package io.twinberg.replicator.task;

import io.twinberg.wake.EndTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that all lanes of a process share: one pool for manifests and one for the files under
 * them, so that a manifest that waits for its files never takes the thread that would copy them;
 * and one for the metadata of versions, which waits behind nobody's files. Work that mostly waits
 * has such pools apart from these.
 */
public final class TaskPools implements AutoCloseable {
  private static final int MANIFESTS_APART = 1;
  private static final int FILES_APART = 4;

  private final CancellingPool manifests;
  private final CancellingPool files;
  private final CancellingPool versions;
  private final CancellingPool blocks;
  private final Set<TaskPools> apart = ConcurrentHashMap.newKeySet();

  /**
   * @param manifestThreads how many manifests are rewritten at a time
   * @param fileThreads how many files are copied at a time
   */
  public TaskPools(int manifestThreads, int fileThreads) {
    this.manifests =
        new CancellingPool(manifestThreads, new LinkedBlockingQueue<>(), named("manifest"));
    this.files =
        new CancellingPool(fileThreads, new ArrayBlockingQueue<>(fileThreads * 4), named("file"));
    this.versions =
        new CancellingPool(manifestThreads, new LinkedBlockingQueue<>(), named("version"));
    // Nothing but computing; each manifest has a few blocks there at most.
    this.blocks = new CancellingPool(processors(), new LinkedBlockingQueue<>(), named("block"));
  }

  /**
   * A few threads for work that mostly waits, so that no other work waits for these; to be closed
   * when that is done, and ended with the ones that all lanes share.
   */
  public TaskPools apart() {
    apart.removeIf(pools -> pools.files.isShutdown());
    TaskPools few = new TaskPools(MANIFESTS_APART, FILES_APART);
    apart.add(few);
    if (files.isShutdown()) {
      few.cancel();
    }
    return few;
  }

  private static ThreadFactory named(String kind) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "replicator-" + kind + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Runs what belongs to a version as a whole beside its tasks, in the order in which it comes. */
  public <T> Future<T> beside(Callable<T> work) {
    return versions.submit(work);
  }

  /** Runs a call of a store that takes as long as copying a file; waits where many wait. */
  public <T> Future<T> file(Callable<T> call) {
    return files.submit(call);
  }

  ExecutorService manifests() {
    return manifests;
  }

  ExecutorService blocks() {
    return blocks;
  }

  /** How many blocks of one manifest are worth copying at a time. */
  static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  ExecutorService files() {
    return files;
  }

  /** Cancels what runs and what waits, and waits a little for the threads to end. */
  @Override
  public void close() {
    cancel();
    awaitEnd(EndTime.in(Duration.ofSeconds(1)));
  }

  /** Waits for the threads to end after {@link #cancel}. */
  public void awaitEnd(EndTime end) {
    end.await(manifests);
    end.await(files);
    end.await(versions);
  }

  /** Cancels what runs and what waits; nothing begins any more. */
  public void cancel() {
    manifests.cancelAll();
    files.cancelAll();
    versions.cancelAll();
    blocks.cancelAll();
    apart.forEach(TaskPools::cancel);
  }
}
