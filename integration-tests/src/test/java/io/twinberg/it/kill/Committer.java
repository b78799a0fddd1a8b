package io.twinberg.it.kill;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * A client that commits to one table over and over, whatever becomes of the server, and writes down
 * what it was told.
 */
final class Committer implements Client {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final String name;
  private final Table table;
  private final Change change;
  private final OneRequest commits;
  private volatile boolean ended;

  Committer(String name, Table table, Change change, WhatClientsWereTold told) {
    this.name = name;
    this.table = table;
    this.change = change;
    this.commits = new OneRequest(told);
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
        commits.commit(name, table, change);
      } catch (CommitStateUnknownException | ValidationException e) {
        // It may have been committed or not; or another client was first with the same files.
        LockSupport.parkNanos(PAUSE.toNanos());
      } catch (RESTException | UncheckedIOException e) {
        // The server is away; the next attempt finds out whether it is back.
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }
}
