package io.twinberg.it.kill;

import io.twinberg.it.kill.WhatClientsWereTold.Commit;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.rest.RESTCatalog;

/** A client that appends to one of its tables at a steady pace, and expires snapshots at times. */
final class SoakWriter implements Client {
  private static final int EXPIRE_ONE_IN = 40;
  private static final int KEPT = 10;

  private final RESTCatalog catalog;
  private final String namespace;
  private final List<String> tables;
  private final Duration pace;
  private final Duration keptFor;
  private final Random random;
  private final WhatClientsWereTold told;
  private final OneRow row = new OneRow();
  private volatile boolean ended;

  SoakWriter(
      RESTCatalog catalog,
      String namespace,
      List<String> tables,
      Duration pace,
      Duration keptFor,
      Random random,
      WhatClientsWereTold told) {
    this.catalog = catalog;
    this.namespace = namespace;
    this.tables = tables;
    this.pace = pace;
    this.keptFor = keptFor;
    this.random = random;
    this.told = told;
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
        act(tables.get(random.nextInt(tables.size())));
      } catch (CommitStateUnknownException | CommitFailedException e) {
        // Nobody was told anything, or that it was not taken.
      } catch (RESTException | UncheckedIOException e) {
        // The server is away, or its source is: the next attempt finds out.
      }
    }
  }

  private void act(String name) {
    Table table = catalog.loadTable(TableIdentifier.of(Namespace.of(namespace), name));
    if (random.nextInt(EXPIRE_ONE_IN) == 0) {
      table
          .expireSnapshots()
          .expireOlderThan(System.currentTimeMillis() - keptFor.toMillis())
          .retainLast(KEPT)
          .commit();
    } else {
      append(name, table);
    }
  }

  private void append(String name, Table table) {
    TableOperations operations = ((BaseTable) table).operations();
    TableMetadata base = operations.current();
    Snapshot snapshot = table.newFastAppend().appendFile(row.in(table)).apply();
    operations.commit(
        base, TableMetadata.buildFrom(base).setBranchSnapshot(snapshot, "main").build());
    told.acknowledged(new Commit(name, snapshot.snapshotId()));
  }
}
