package io.twinberg.replicator.unreferenced;

import io.twinberg.replicator.task.LocalTaskRunner;
import io.twinberg.storage.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Removes what Twinberg has written to the folder of a replica that was dropped, as a listing shows
 * it. A call that comes late hurts nobody: the folder bears the replica's id, so that nothing is
 * ever written to it again.
 */
public final class FolderRemoval {
  /** How many are removed at once. */
  public static final int BATCH = 16;

  /** How many files are found at a time, so that they fit into memory. */
  private static final int MOST = 50_000;

  /**
   * What is left.
   *
   * @param next some of the files
   * @param all how many there are
   */
  public record Left(List<String> next, long all) {
    /** Copies the list. */
    public Left {
      next = List.copyOf(next);
    }
  }

  private final String folder;
  private final ObjectStore destination;
  private final ExecutorService threads;

  /** Of one folder, by some threads of an executor, which stays the caller's. */
  public FolderRemoval(String folder, ObjectStore destination, ExecutorService threads) {
    this.folder = folder;
    this.destination = destination;
    this.threads = threads;
  }

  /** Lists what is left. */
  public Left left() {
    List<String> next = new ArrayList<>();
    long[] all = {0};
    for (String below : FolderScan.FOLDERS) {
      destination.list(
          folder + "/" + below,
          file -> {
            all[0]++;
            if (next.size() < MOST) {
              next.add(file.location());
            }
          });
    }
    return new Left(next, all[0]);
  }

  /** Removes a batch of files; that one is gone already is no error. */
  public void remove(List<String> files) throws InterruptedException {
    List<Callable<String>> calls = new ArrayList<>();
    for (String file : files) {
      calls.add(
          () -> {
            destination.delete(file);
            return file;
          });
    }
    for (Future<String> call : threads.invokeAll(calls)) {
      try {
        call.get();
      } catch (ExecutionException e) {
        throw LocalTaskRunner.unwrap(e);
      }
    }
  }
}
