package io.twinberg.replicator.reconcile;

import io.twinberg.log.HeadMovedException;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.source.Listing;
import io.twinberg.source.SourceReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what bypassed the proxy: new tables by listing, new versions by looking at each table from
 * time to time.
 */
final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(15);
  private static final int DUE_BATCH = 100;

  private final String source;
  private final SourceReader reader;
  private final SourceTables tables;
  private final TableReconciler reconciler;
  private final ReplicaDirectory replicas;
  private final RequestBudget budget;
  private final Clock clock;
  private final Duration interval;
  private volatile Instant nextListing = Instant.MIN;

  Sweep(
      String source,
      SourceReader reader,
      SourceTables tables,
      TableReconciler reconciler,
      ReplicaDirectory replicas,
      RequestBudget budget,
      Clock clock,
      Duration interval) {
    this.source = source;
    this.reader = reader;
    this.tables = tables;
    this.reconciler = reconciler;
    this.replicas = replicas;
    this.budget = budget;
    this.clock = clock;
    this.interval = interval;
  }

  /** Makes the next run list the source and look at every table. */
  void demand() {
    nextListing = Instant.MIN;
    tables.active(source).forEach(table -> tables.postpone(table.id(), Duration.ZERO));
  }

  /** Does what is due, for as long as {@code goOn} says so. */
  void run(BooleanSupplier goOn) {
    if (!clock.instant().isBefore(nextListing)) {
      nextListing = clock.instant().plus(interval);
      discover(goOn);
    }
    tables.due(source, DUE_BATCH).stream()
        .takeWhile(table -> goOn.getAsBoolean())
        .forEach(this::checkOrPutOff);
  }

  private void discover(BooleanSupplier goOn) {
    budget.take();
    if (reader.listNamespaces() instanceof Listing.Listed<Namespace> namespaces) {
      namespaces.items().stream()
          .takeWhile(namespace -> goOn.getAsBoolean())
          .forEach(namespace -> discover(namespace, goOn));
    } else {
      LOG.warn("source cannot be listed source={}", source);
    }
  }

  private void discover(Namespace namespace, BooleanSupplier goOn) {
    budget.take();
    if (reader.listTables(namespace) instanceof Listing.Listed<TableIdentifier> listed) {
      listed.items().stream()
          .filter(name -> replicas.wanted(source, name))
          .filter(name -> tables.active(source, TableReconciler.REFERENCE, name).isEmpty())
          .takeWhile(name -> goOn.getAsBoolean())
          .forEach(this::meet);
    }
  }

  private void meet(TableIdentifier name) {
    try {
      if (reconciler.look(name, OptionalLong.empty()) instanceof Found.Present present) {
        reconciler.log(present);
        tables.checked(present.table().id(), true, interval);
      }
    } catch (RuntimeException e) {
      // One broken table must not hide the others; the next listing meets it again.
      LOG.warn("table not met source={} table={}: {}", source, name, e.toString());
    }
  }

  /** One table that cannot be checked holds up no other. */
  private void checkOrPutOff(SourceTable table) {
    if (!replicas.wanted(source, table.name())) {
      tables.postpone(table.id(), LONGEST_INTERVAL);
      return;
    }
    try {
      check(table);
    } catch (HeadMovedException e) {
      tables.postpone(table.id(), Duration.ZERO);
    } catch (RuntimeException e) {
      LOG.warn("table not checked source={} table={}: {}", source, table.name(), e.toString());
      tables.postpone(table.id(), interval);
    }
  }

  private void check(SourceTable table) {
    Found found = reconciler.look(table.name(), OptionalLong.empty());
    if (found instanceof Found.Present present) {
      reconciler.log(present);
      boolean changed = present.news().isPresent();
      tables.checked(
          present.table().id(), changed, wait(changed ? 0 : table.unchangedChecks() + 1));
    } else if (found instanceof Found.NoAnswer noAnswer) {
      LOG.warn(
          "source cannot be checked source={} table={}: {}", source, table.name(), noAnswer.why());
      tables.postpone(table.id(), interval);
    }
  }

  /** An unchanged table's interval doubles up to a quarter of an hour. */
  private Duration wait(int unchangedChecks) {
    Duration wait = interval.multipliedBy(1L << Math.min(unchangedChecks, 10));
    return wait.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : wait;
  }
}
