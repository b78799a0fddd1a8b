package io.twinberg.replicator.prefetch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.twinberg.files.SourceFiles;
import io.twinberg.replicator.mapping.PathRules;
import io.twinberg.replicator.metadata.MetadataFacts.SnapshotFacts;
import io.twinberg.replicator.rewrite.ListedManifest;
import io.twinberg.replicator.rewrite.ManifestList;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The files of one source, of which the newest snapshot's manifest list and manifests are read
 * while the version is being logged. Only a shortcut: the files never change, and whatever was not
 * read ahead, or could not be, is read from the store when a lane asks for it.
 */
public final class Prefetch implements SourceFiles {
  private static final int THREADS = 2;
  private static final int LONGEST_LIST = 4 << 20;
  private static final int LONGEST_MANIFEST = 1 << 20;
  private static final int MOST_MANIFESTS = 4;
  private static final int MOST_FILES = 16;
  private static final Duration KEPT = Duration.ofSeconds(30);

  /**
   * A file as one table reads it: another table may have no right to it, whatever its writer has
   * put into its metadata.
   */
  private record Ahead(TableIdentifier table, CompletableFuture<byte[]> bytes) {}

  private final SourceFiles files;
  private final PathRules rules;
  private final Cache<String, Ahead> ahead =
      Caffeine.newBuilder().maximumSize(MOST_FILES).expireAfterWrite(KEPT).build();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_FILES),
          Prefetch::thread);

  /**
   * @param rules what may be read at all
   */
  public Prefetch(SourceFiles files, PathRules rules) {
    this.files = files;
    this.rules = rules;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "replicator-prefetch");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public ObjectStore of(Supplier<TableIdentifier> table) {
    return new PrefetchedStore(files.of(table), table, this);
  }

  /**
   * What has been read of a file of a table, or is being read.
   *
   * @param table looked up only when there is such a file
   */
  Optional<Future<byte[]>> find(Supplier<TableIdentifier> table, String location) {
    return Optional.ofNullable(ahead.getIfPresent(location))
        .filter(file -> file.table().equals(table.get()))
        .map(Ahead::bytes);
  }

  /** Starts reading; when there is too much to read already, lanes do it themselves. */
  public void begin(TableIdentifier table, SnapshotFacts snapshot) {
    if (!rules.accepts(snapshot.manifestList())) {
      return;
    }
    Ahead list = expected(table, snapshot.manifestList());
    try {
      threads.execute(() -> read(snapshot, list));
    } catch (RejectedExecutionException e) {
      fail(snapshot.manifestList(), list, e);
    }
  }

  private Ahead expected(TableIdentifier table, String location) {
    Ahead file = new Ahead(table, new CompletableFuture<>());
    ahead.put(location, file);
    return file;
  }

  private void fail(String location, Ahead file, Exception cause) {
    ahead.asMap().remove(location, file);
    file.bytes().completeExceptionally(cause);
  }

  private void read(SnapshotFacts snapshot, Ahead list) {
    ObjectStore store = files.of(list::table);
    Map<String, Ahead> manifests = new LinkedHashMap<>();
    try {
      byte[] bytes = read(store, snapshot.manifestList(), LONGEST_LIST);
      manifests(bytes, snapshot.id())
          .forEach(location -> manifests.put(location, expected(list.table(), location)));
      // Not before the manifests are expected: whoever has the list asks for them next.
      list.bytes().complete(bytes);
      for (Map.Entry<String, Ahead> manifest : manifests.entrySet()) {
        manifest.getValue().bytes().complete(read(store, manifest.getKey(), LONGEST_MANIFEST));
      }
    } catch (IOException | RuntimeException e) {
      fail(snapshot.manifestList(), list, e);
      manifests.forEach((location, file) -> fail(location, file, e));
    }
  }

  private List<String> manifests(byte[] list, long snapshotId) {
    List<String> added = new ArrayList<>();
    for (ListedManifest manifest : ManifestList.read(list)) {
      if (manifest.addedSnapshotId() == snapshotId
          && manifest.lengthInBytes() <= LONGEST_MANIFEST
          && rules.accepts(manifest.path())) {
        added.add(manifest.path());
      }
    }
    return added.size() > MOST_MANIFESTS ? List.of() : added;
  }

  private static byte[] read(ObjectStore store, String location, int longest) throws IOException {
    try (InputStream in = store.open(location)) {
      byte[] bytes = in.readNBytes(longest + 1);
      if (bytes.length > longest) {
        throw new IOException(location + " is too long to be kept");
      }
      return bytes;
    }
  }

  /** Reads nothing ahead any more; whoever has opened the files closes them. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
