package io.twinberg.it.kill;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.rest.RESTCatalog;

/**
 * A client that commits to its tables at a steady pace, to the first ones most, and expires
 * snapshots at times, with all files that nothing else names.
 */
final class SoakWriter implements Client {
  private static final int EXPIRE_ONE_IN = 20;
  private static final int KEPT = 10;

  private final RESTCatalog catalog;
  private final List<TableIdentifier> tables;
  private final Duration pace;
  private final Duration keptFor;
  private final Random random;
  private final Change change;
  private final OneRequest commits;
  private volatile boolean ended;

  SoakWriter(
      RESTCatalog catalog,
      List<TableIdentifier> tables,
      Duration pace,
      Duration keptFor,
      Random random,
      WhatClientsWereTold told) {
    this.catalog = catalog;
    this.tables = tables;
    this.pace = pace;
    this.keptFor = keptFor;
    this.random = random;
    this.change = new RandomChanges(random);
    this.commits = new OneRequest(told);
  }

  @Override
  public void end() {
    ended = true;
  }

  @Override
  public void run() {
    long next = System.nanoTime();
    while (!ended) {
      next += pace.toNanos();
      LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
      try {
        act(busiestFirst());
      } catch (CommitStateUnknownException | CommitFailedException | ValidationException e) {
        // Nobody was told anything; or another client was first.
      } catch (RESTException | UncheckedIOException e) {
        // The server is away, or its source is: the next attempt finds out.
      }
    }
  }

  private TableIdentifier busiestFirst() {
    return tables.get(random.nextInt(random.nextInt(tables.size()) + 1));
  }

  private void act(TableIdentifier name) {
    Table table = catalog.loadTable(name);
    if (random.nextInt(EXPIRE_ONE_IN) == 0) {
      table
          .expireSnapshots()
          .expireOlderThan(System.currentTimeMillis() - keptFor.toMillis())
          .retainLast(KEPT)
          .commit();
    } else {
      commits.commit(name.name(), table, change);
    }
  }
}
