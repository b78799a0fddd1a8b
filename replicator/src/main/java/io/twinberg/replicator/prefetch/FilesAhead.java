package io.twinberg.replicator.prefetch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The files that are read ahead, the newest so many of them for so long: an older one makes room,
 * never a newer. Used by many threads at once.
 */
final class FilesAhead {
  private static final int MOST_FILES = 32;
  private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();

  /**
   * A file as one table reads it: another table may have no right to it, whatever its writer has
   * put into its metadata.
   */
  record Ahead(TableIdentifier table, CompletableFuture<byte[]> bytes, long since) {
    private boolean isFresh() {
      return System.nanoTime() - since < KEPT_NANOS;
    }
  }

  private final Map<String, Ahead> files =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ahead> eldest) {
          return size() > MOST_FILES;
        }
      };

  /**
   * What has been read of a file of a table, or is being read.
   *
   * @param table looked up only when there is such a file
   */
  Optional<Future<byte[]>> find(Supplier<TableIdentifier> table, String location) {
    return fresh(location).filter(file -> file.table().equals(table.get())).map(Ahead::bytes);
  }

  private synchronized Optional<Ahead> fresh(String location) {
    return Optional.ofNullable(files.get(location)).filter(Ahead::isFresh);
  }

  /** Whoever asks for the file waits for it from now on; empty where it is read for that table. */
  synchronized Optional<Ahead> expect(TableIdentifier table, String location) {
    if (fresh(location).filter(file -> file.table().equals(table)).isPresent()) {
      return Optional.empty();
    }
    Ahead file = new Ahead(table, new CompletableFuture<>(), System.nanoTime());
    files.remove(location);
    files.put(location, file);
    return Optional.of(file);
  }

  /** Lets whoever waits for a file read it alone; what has been read stays. */
  void fail(String location, Ahead file, Exception cause) {
    if (file.bytes().completeExceptionally(cause)) {
      synchronized (this) {
        files.remove(location, file);
      }
    }
  }
}
