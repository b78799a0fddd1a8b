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
  private static final int WARM_UP = 10;
  private static final int COMMITS_PER_STORE_RUN = 4;

  static LagRun of(TwoStores stores, int commits) throws IOException, InterruptedException {
    LagRun run = new LagRun(new Timings(), new Timings());
    try (Appender appender =
            new Appender(stores.catalog("main"), stores.source().properties(), "orders");
        StoreRequests requests = new StoreRequests(stores)) {
      ReplicaReader reader = new ReplicaReader(stores.catalog("replica"));
      for (int i = -WARM_UP; i < commits; i++) {
        boolean storesToo = i < 0 || i % COMMITS_PER_STORE_RUN == 0;
        run.one(i >= 0, appender, reader, requests, storesToo);
      }
    }
    return run;
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
    Shown shown = reader.awaitSnapshot(snapshot.snapshotId());
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
