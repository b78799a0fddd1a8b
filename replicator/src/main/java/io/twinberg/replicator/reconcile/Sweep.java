package io.twinberg.replicator.reconcile;

import io.twinberg.log.EntryKind;
import io.twinberg.log.HeadMovedException;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.Sources;
import io.twinberg.log.TableCheck;
import io.twinberg.log.TableChecks;
import io.twinberg.rule.RuleDifference;
import io.twinberg.source.Listing;
import io.twinberg.source.SourceReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what bypassed the proxy: new tables and views by listing, new versions by looking at each
 * from time to time, and changes of namespaces likewise.
 */
final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final int DUE_BATCH = 100;
  private static final Duration SOON = Duration.ofSeconds(1);

  private final String source;
  private final SourceReader reader;
  private final Sources sources;
  private final SourceTables tables;
  private final TableChecks checks;
  private final KeptChecks keptChecks;
  private final TableReconciler tableReconciler;
  private final TableReconciler viewReconciler;
  private final NamespaceReconciler namespaces;
  private final ReplicaDirectory replicas;
  private final RequestBudget budget;
  private final Clock clock;
  private final SweepIntervals intervals;
  private final NamespaceChecks namespaceChecks;
  private final ListingTurns listingTurns;
  private final AtomicReference<RuleDifference> unapplied;

  Sweep(
      String source,
      SourceReader reader,
      Sources sources,
      SourceTables tables,
      TableChecks checks,
      TableReconciler tableReconciler,
      TableReconciler viewReconciler,
      NamespaceReconciler namespaces,
      ReplicaDirectory replicas,
      RequestBudget budget,
      Clock clock,
      Duration interval) {
    this.source = source;
    this.reader = reader;
    this.sources = sources;
    this.tables = tables;
    this.checks = checks;
    this.keptChecks = new KeptChecks(checks, clock);
    this.tableReconciler = tableReconciler;
    this.viewReconciler = viewReconciler;
    this.namespaces = namespaces;
    this.replicas = replicas;
    this.budget = budget;
    this.clock = clock;
    this.intervals = new SweepIntervals(interval);
    // They may also have changed while no process ran.
    this.unapplied = new AtomicReference<>(RuleDifference.everything(source));
    this.namespaceChecks = new NamespaceChecks(clock, intervals);
    this.listingTurns = new ListingTurns(source, sources, clock, intervals);
  }

  /** Does what is due, for as long as {@code goOn} says so. */
  void run(BooleanSupplier goOn) {
    makeAllDueIfAsked();
    applyRules(goOn);
    followTakenNames(goOn);
    listingTurns.listIfDue(() -> discover(goOn));
    checkDue(goOn);
    followTakenNames(goOn);
  }

  private void checkDue(BooleanSupplier goOn) {
    keptChecks.writeIfDue();
    checks.due(source, DUE_BATCH + keptChecks.size()).stream()
        .filter(table -> !keptChecks.has(table))
        .takeWhile(table -> goOn.getAsBoolean())
        .forEach(this::checkOrPutOff);
    keptChecks.writeIfWaitedFor();
  }

  /**
   * Here and not where it is asked for: whoever looks at tables is the only one who writes when
   * they are due next, so that no look that is under way takes a request back.
   */
  private void makeAllDueIfAsked() {
    OptionalLong asked = sources.sweepAsked(source);
    if (asked.isPresent()) {
      namespaceChecks.demand();
      // Those made before it was asked for must not put off what is due now.
      keptChecks.write();
      checks.allDue(source);
      // Whoever lists it whole: this process may lose its lease before it has.
      sources.askListing(source);
      sources.sweepBegun(source, asked.getAsLong());
    }
  }

  /**
   * Makes the next run bring what changed rules may touch to where they want it, and list the
   * source, for it may have tables that nobody wanted before.
   */
  void rulesChanged(RuleDifference difference) {
    unapplied.updateAndGet(earlier -> earlier.and(difference));
    namespaceChecks.demand(difference::touches);
    listingTurns.makeDue();
  }

  /**
   * Known tables that the rules want now need not wait for a look that was put off because nobody
   * wanted them.
   */
  private void applyRules(BooleanSupplier goOn) {
    RuleDifference difference = unapplied.getAndSet(RuleDifference.NOTHING);
    boolean applied = difference.isNothing();
    try {
      applied = applied || apply(difference, goOn);
    } finally {
      if (!applied) {
        unapplied.updateAndGet(later -> later.and(difference));
      }
    }
  }

  private boolean apply(RuleDifference difference, BooleanSupplier goOn) {
    for (SourceTable table : tables.active(source)) {
      if (!goOn.getAsBoolean()) {
        return false;
      }
      if (difference.touches(table.name()) && replicas.ensure(table).began()) {
        checks.demand(table.id());
      }
    }
    return true;
  }

  /** The other halves of swaps, each of which may lead to the next of a circle. */
  private void followTakenNames(BooleanSupplier goOn) {
    for (TableReconciler reconciler : List.of(tableReconciler, viewReconciler)) {
      Set<TableIdentifier> names = reconciler.takenNames();
      while (!names.isEmpty() && goOn.getAsBoolean()) {
        names.forEach(name -> meet(reconciler, name));
        names = reconciler.takenNames();
      }
    }
  }

  /** Whether the whole source was listed. */
  private boolean discover(BooleanSupplier goOn) {
    // Read once: a question for each of ten thousand listed names would cost more than the listing.
    Map<EntryKind, Set<TableIdentifier>> known =
        tables.activeNames(source, TableReconciler.REFERENCE);
    budget.take();
    if (reader.listNamespaces() instanceof Listing.Listed<Namespace> listed) {
      namespaces.listed(listed.items());
      namespaceChecks.retain(listed.items());
      boolean whole = true;
      for (Namespace namespace : listed.items()) {
        whole = goOn.getAsBoolean() && discover(namespace, known, goOn) && whole;
      }
      return whole && goOn.getAsBoolean();
    }
    LOG.warn("source cannot be listed source={}", source);
    return false;
  }

  /** Whether the tables were listed; views are more than many sources know of. */
  private boolean discover(
      Namespace namespace, Map<EntryKind, Set<TableIdentifier>> known, BooleanSupplier goOn) {
    checkNamespace(namespace);
    budget.take();
    boolean listedTables = false;
    if (reader.listTables(namespace) instanceof Listing.Listed<TableIdentifier> listed) {
      meetNew(tableReconciler, known.get(EntryKind.TABLE), listed.items(), goOn);
      listedTables = true;
    }
    if (reader.listViews(namespace) instanceof Listing.Listed<TableIdentifier> listed) {
      budget.take();
      meetNew(viewReconciler, known.get(EntryKind.VIEW), listed.items(), goOn);
    }
    return listedTables;
  }

  private void checkNamespace(Namespace namespace) {
    if (!namespaceChecks.due(namespace) || !namespaces.wanted(namespace)) {
      return;
    }
    try {
      namespaces.look(namespace);
      namespaceChecks.checked(namespace);
    } catch (RuntimeException e) {
      LOG.warn("namespace not checked source={} namespace={}: {}", source, namespace, e.toString());
    }
  }

  private void meetNew(
      TableReconciler reconciler,
      Set<TableIdentifier> known,
      List<TableIdentifier> listed,
      BooleanSupplier goOn) {
    listed.stream()
        .filter(name -> !known.contains(name))
        .filter(name -> replicas.wanted(source, name))
        .takeWhile(name -> goOn.getAsBoolean())
        .forEach(name -> meet(reconciler, name));
  }

  private void meet(TableReconciler reconciler, TableIdentifier name) {
    Instant begun = clock.instant();
    try {
      Found found = reconciler.look(name, OptionalLong.empty());
      if (found instanceof Found.Present present) {
        reconciler.log(present);
        SourceTable table = present.table();
        checks.checked(
            List.of(
                new TableCheck(table.id(), table.looksAsked(), begun, true, intervals.first())));
      } else if (found instanceof Found.NoAnswer noAnswer) {
        LOG.warn("table not met source={} table={}: {}", source, name, noAnswer.why());
      }
    } catch (RuntimeException e) {
      // One broken table must not hide the others; the next listing meets it again.
      LOG.warn("table not met source={} table={}: {}", source, name, e.toString());
    }
  }

  /** One table that cannot be checked holds up no other. */
  private void checkOrPutOff(SourceTable table) {
    if (!replicas.wanted(source, table.name())) {
      // A rule may have gone since the last look.
      replicas.ensure(table);
      checks.postpone(table.id(), SweepIntervals.LONGEST);
      return;
    }
    try {
      check(table);
    } catch (HeadMovedException e) {
      checks.postpone(table.id(), Duration.ZERO);
    } catch (RuntimeException e) {
      LOG.warn("table not checked source={} table={}: {}", source, table.name(), e.toString());
      checks.postpone(table.id(), intervals.first());
    }
  }

  private void check(SourceTable table) {
    TableReconciler reconciler = table.kind() == EntryKind.VIEW ? viewReconciler : tableReconciler;
    Instant begun = clock.instant();
    if (reconciler.isUnchanged(table)) {
      // As by any look, its replicas are brought to where the rules want them.
      replicas.ensure(table);
      checked(table, table.id(), false, begun);
      return;
    }
    Found found = reconciler.look(table.name(), OptionalLong.empty());
    if (found instanceof Found.Present present) {
      reconciler.log(present);
      checked(table, present.table().id(), present.news().isPresent(), begun);
    } else if (found instanceof Found.NoAnswer noAnswer) {
      LOG.warn(
          "source cannot be checked source={} table={}: {}", source, table.name(), noAnswer.why());
      checks.postpone(table.id(), intervals.first());
    } else if (found instanceof Found.TooEarly) {
      checks.postpone(table.id(), SOON);
    }
  }

  private void checked(SourceTable table, long tableId, boolean changed, Instant begun) {
    Duration wait = intervals.after(changed ? 0 : table.unchangedChecks() + 1);
    keptChecks.add(
        new TableCheck(tableId, table.looksAsked(), begun, changed, wait),
        changed || table.owesALook());
    keptChecks.writeIfDue();
  }
}
