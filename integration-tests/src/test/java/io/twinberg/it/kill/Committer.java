package io.twinberg.it.kill;

import io.twinberg.it.kill.WhatClientsWereTold.Commit;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.RESTException;

/**
 * A client that appends to one table over and over, whatever becomes of the server, and writes down
 * what it was told. A commit is exactly one request: Iceberg's own loop around it would hide the
 * answers.
 */
final class Committer implements Client {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final String name;
  private final Table table;
  private final OneRow row = new OneRow();
  private final WhatClientsWereTold told;
  private volatile boolean ended;

  Committer(String name, Table table, WhatClientsWereTold told) {
    this.name = name;
    this.table = table;
    this.told = told;
  }

  /** Commits no more after the one under way. */
  @Override
  public void end() {
    ended = true;
  }

  @Override
  public void run() {
    while (!ended) {
      try {
        table.refresh();
        commit();
      } catch (CommitStateUnknownException e) {
        // It may have been committed or not, and nobody was told anything.
        LockSupport.parkNanos(PAUSE.toNanos());
      } catch (RESTException | UncheckedIOException e) {
        // The server is away; the next attempt finds out whether it is back.
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void commit() {
    TableOperations operations = ((BaseTable) table).operations();
    TableMetadata base = operations.current();
    Snapshot snapshot = table.newFastAppend().appendFile(row.in(table)).apply();
    Commit commit = new Commit(name, snapshot.snapshotId());
    TableMetadata changed =
        TableMetadata.buildFrom(base).setBranchSnapshot(snapshot, "main").build();
    try {
      operations.commit(base, changed);
    } catch (CommitFailedException e) {
      told.rejected(commit);
      return;
    }
    told.acknowledged(commit);
  }
}
