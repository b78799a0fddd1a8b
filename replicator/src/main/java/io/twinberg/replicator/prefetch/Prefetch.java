package io.twinberg.replicator.prefetch;

import io.twinberg.files.SourceFiles;
import io.twinberg.replicator.mapping.PathRules;
import io.twinberg.replicator.metadata.MetadataFacts.SnapshotFacts;
import io.twinberg.storage.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The files of one source, of which the newest snapshot's manifest list, manifests and small data
 * files are read while it is being committed and logged. Only a shortcut: the files never change,
 * and whatever was not read ahead, or could not be, is read from the store when a lane asks for it.
 */
public final class Prefetch implements SourceFiles {
  private static final int THREADS = 2;
  private static final int MOST_WAITING = 16;

  /** How long a lane waits for a file: it may stand behind those of a table whose store hangs. */
  public static final Duration PATIENCE = Duration.ofMillis(250);

  /** Parsed on the way of the commit. */
  private static final int LONGEST_BODY = 64 << 10;

  private final SourceFiles files;
  private final PathRules rules;
  private final List<ObjectStore> destinations;
  private final Duration patience;
  private final FilesAhead ahead = new FilesAhead();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Prefetch::thread);

  /**
   * @param rules what may be read at all
   * @param destinations where files go; what their stores can copy by themselves is not read
   * @param patience how long a lane waits for a file that is being read, before it reads it itself
   */
  public Prefetch(
      SourceFiles files, PathRules rules, List<ObjectStore> destinations, Duration patience) {
    this.files = files;
    this.rules = rules;
    this.destinations = List.copyOf(destinations);
    this.patience = patience;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "replicator-prefetch");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public ObjectStore of(Supplier<TableIdentifier> table) {
    return new PrefetchedStore(files.of(table), table, this, patience);
  }

  /**
   * What has been read of a file of a table, or is being read.
   *
   * @param table looked up only when there is such a file
   */
  Optional<Future<byte[]>> find(Supplier<TableIdentifier> table, String location) {
    return ahead.find(table, location);
  }

  /**
   * Starts reading what a commit is about to add. Whether it may is for the source to say: until
   * then nobody asks for these files.
   *
   * @param body the commit as its client sent it
   */
  public void announced(TableIdentifier table, byte[] body) {
    if (body.length <= LONGEST_BODY) {
      AddedSnapshot.in(body).ifPresent(snapshot -> begin(table, snapshot));
    }
  }

  /** Starts reading; when there is too much to read already, lanes do it themselves. */
  public void begin(TableIdentifier table, SnapshotFacts snapshot) {
    Reading reading = new Reading(ahead, rules, table, snapshot);
    if (!reading.expect()) {
      return;
    }
    try {
      ObjectStore store = files.of(() -> table);
      threads.execute(() -> reading.read(store, location -> isStreamed(store, location)));
    } catch (RejectedExecutionException e) {
      reading.fail(e);
    }
  }

  /** The target is not known here; a store of one kind copies between all its locations. */
  private boolean isStreamed(ObjectStore store, String location) {
    return destinations.stream().anyMatch(to -> !to.canCopyFrom(store, location, location));
  }

  /** Reads nothing ahead any more; whoever has opened the files closes them. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
