package io.twinberg.replicator.histories;

import io.twinberg.database.Database;
import io.twinberg.log.SourceTables;
import io.twinberg.log.Sources;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.lane.LaneHarness;
import io.twinberg.replicator.merge.ReplicaRetention;
import io.twinberg.storage.MemoryStore;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.FileIO;

/** What all histories share: files in memory, a database, a lane. */
final class HistoryLake implements AutoCloseable {
  /** A destination that keeps everything. */
  static final String ALL = "all";

  /** Destinations that keep the latest so many snapshots of branches, and what refs name. */
  static final String FEW = "few";

  static final String ROOT = "mem://replicas/eu";
  static final String WAREHOUSE = "mem://lake/wh";

  /** As far as what is deleted at the destination depends on the time, too. */
  final SteppedClock clock = new SteppedClock(Instant.now().plus(Duration.ofDays(1)));

  final MemoryStore store = new MemoryStore();
  final Database database;
  final SourceTables tables;
  final VersionLog versions;
  final Replicas replicas;
  final LaneHarness lane;

  HistoryLake(Path folder) {
    // Whatever is committed now is a day old for the replicator: ages are the same in every run.
    this.database = Databases.h2(folder.resolve("db"));
    this.tables = new SourceTables(database, clock);
    this.versions = new VersionLog(database, clock);
    this.replicas = new Replicas(database, clock);
    new Sources(database).register("main");
    this.lane =
        new LaneHarness(
            database,
            clock,
            store,
            List.of("mem://lake/", "mem://other/"),
            List.of(ALL, FEW + 1, FEW + 2, FEW + 3),
            Map.of(FEW + 1, few(1), FEW + 2, few(2), FEW + 3, few(3)));
  }

  private static ReplicaRetention few(int least) {
    return new ReplicaRetention(Duration.ofHours(1), least);
  }

  FileIO io() {
    return store.io();
  }

  long gaps(long tableId) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("select count(*) from gap where table_id = :id")
                    .bind("id", tableId)
                    .mapTo(Long.class)
                    .one());
  }

  static TableIdentifier name(Table table) {
    String[] parts = table.name().split("\\.");
    return TableIdentifier.of(parts[parts.length - 2], parts[parts.length - 1]);
  }

  @Override
  public void close() {
    lane.close();
    database.close();
    store.close();
  }
}
