package io.twinberg.replicator.task;

import io.twinberg.storage.ObjectStore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What stands in a replica's folder, by a listing of it: for whoever does not believe what the
 * ledger and published manifests say should stand there. What turns out to be missing is counted,
 * and is about to be copied. Of a file it keeps a few dozen bytes.
 */
public final class StandingFiles {
  private final Fingerprints paths = new Fingerprints();
  private final Fingerprints whole = new Fingerprints();
  private final AtomicLong missing = new AtomicLong();
  private final AtomicLong otherLength = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private long files;

  private StandingFiles() {}

  /** Lists a folder. */
  public static StandingFiles in(ObjectStore destination, String folder) {
    StandingFiles standing = new StandingFiles();
    destination.list(
        folder,
        object -> {
          standing.paths.add(object.location());
          standing.whole.add(key(object.location(), object.length()));
          standing.files++;
        });
    return standing;
  }

  private static String key(String path, long length) {
    return path + "\n" + length;
  }

  /** Whether a file stands there with its length; asked once more, it is taken to be copied. */
  boolean has(String path, long length) {
    String key = key(path, length);
    if (whole.contains(key)) {
      return true;
    }
    (paths.contains(path) ? otherLength : missing).incrementAndGet();
    bytes.addAndGet(length);
    whole.add(key);
    return false;
  }

  /** Whether there is a file at a path. */
  public boolean has(String path) {
    return paths.contains(path);
  }

  /** How many files were listed. */
  public long files() {
    return files;
  }

  /** How many files were asked for that are not there. */
  public long missing() {
    return missing.get();
  }

  /** How many files were asked for that have another length. */
  public long otherLength() {
    return otherLength.get();
  }

  /** How long those are together that were not there as they should be. */
  public long bytes() {
    return bytes.get();
  }
}
