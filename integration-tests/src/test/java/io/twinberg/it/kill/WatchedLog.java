package io.twinberg.it.kill;

import io.twinberg.database.Database;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** The snapshots that were ever in a log whose rows go soon: looked at all the time. */
final class WatchedLog implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Database database;
  private final Set<Long> snapshots = new HashSet<>();
  private final CompletableFuture<Void> watching;
  private volatile boolean ended;

  WatchedLog(Database database) {
    this.database = database;
    this.watching = CompletableFuture.runAsync(this::watch);
  }

  private void watch() {
    while (!ended) {
      look();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    look();
  }

  private void look() {
    snapshots.addAll(
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "select snapshot_id from table_version where snapshot_id is not null")
                        .mapTo(Long.class)
                        .list()));
  }

  /** Ends the watch; what it has seen. */
  Set<Long> seen() {
    ended = true;
    watching.join();
    return snapshots;
  }

  @Override
  public void close() {
    ended = true;
  }
}
