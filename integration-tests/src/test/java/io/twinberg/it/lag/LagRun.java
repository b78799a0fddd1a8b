package io.twinberg.it.lag;

import io.twinberg.it.lag.Appender.Prepared;
import io.twinberg.it.lag.ReplicaReader.Shown;
import java.io.IOException;
import java.time.Duration;
import org.apache.iceberg.Snapshot;

/**
 * Commits one append after another, follows each to the replica, and times the bare requests of the
 * stores in between.
 *
 * @param lag from the answer to a commit until the answer to a load that shows it begins
 * @param stores the same increment as requests one after another
 */
record LagRun(Timings lag, Timings stores) {
  /** The first commits make the replica. */
  private static final int FIRST_COMMITS = 10;

  private static final int COMMITS_PER_STORE_RUN = 4;

  /**
   * @param warmUp commits on a table of their own before the first that counts, so that what is
   *     measured is a server that has been running for a while
   */
  static LagRun of(TwoStores stores, int warmUp, int commits)
      throws IOException, InterruptedException {
    new LagRun(new Timings(), new Timings()).follow(stores, "warm_up", warmUp);
    LagRun run = new LagRun(new Timings(), new Timings());
    run.follow(stores, "orders", commits);
    return run;
  }

  private void follow(TwoStores stores, String table, int commits)
      throws IOException, InterruptedException {
    try (Appender appender =
            new Appender(stores.catalog("main"), stores.source().properties(), table);
        StoreRequests requests = new StoreRequests(stores)) {
      ReplicaReader reader = new ReplicaReader(stores.catalog("replica"), table);
      for (int i = -FIRST_COMMITS; i < commits; i++) {
        boolean storesToo = i < 0 || i % COMMITS_PER_STORE_RUN == 0;
        one(i >= 0, appender, reader, requests, storesToo);
      }
    }
  }

  private void one(
      boolean counts,
      Appender appender,
      ReplicaReader reader,
      StoreRequests requests,
      boolean storesToo)
      throws IOException, InterruptedException {
    Prepared append = appender.prepare();
    Snapshot snapshot = append.commit();
    long answered = System.nanoTime();
    Shown shown = reader.awaitSnapshot(snapshot.snapshotId(), quiet());
    Duration took = Duration.ofNanos(shown.answeredAt() - answered);
    if (counts) {
      lag.add(took);
    }
    if (storesToo) {
      Duration bare = requests.time(appender.table(), snapshot, shown.metadataLocation());
      if (counts) {
        stores.add(bare);
      }
    }
  }

  /**
   * A reader that asks all the time takes a core from what it measures. It begins well before the
   * shortest lags so far; had it to begin earlier, the lag would come out longer, not shorter.
   */
  private Duration quiet() {
    return lag.isEmpty() ? Duration.ZERO : Duration.ofNanos((long) (lag.millis(0.02) * 0.7e6));
  }

  /** How many times the stores' own time the median lag is. */
  double ratio() {
    return lag.millis(0.5) / stores.millis(0.5);
  }

  @Override
  public String toString() {
    return "lag     %s%nstores  %s%nratio   %.2f at p50, %.2f at p99"
        .formatted(lag, stores, ratio(), lag.millis(0.99) / stores.millis(0.99));
  }
}
