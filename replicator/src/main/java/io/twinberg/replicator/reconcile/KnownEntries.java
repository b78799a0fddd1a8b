package io.twinberg.replicator.reconcile;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.EntryKind;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.TableLifecycle;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.source.LoadResult;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.catalog.TableIdentifier;

/** Finds out which known table a name of the source stands for now. */
final class KnownEntries {
  private final String source;
  private final SourceEntries entries;
  private final SourceTables tables;
  private final VersionLog versions;
  private final ReplicaDirectory replicas;
  private final Absence absence;
  private final RequestBudget budget;
  private final CrashPoints crashPoints;

  /** Names that a table has left to another one, which may be a known one too, as in a swap. */
  private final Set<TableIdentifier> taken = new LinkedHashSet<>();

  KnownEntries(
      String source,
      SourceEntries entries,
      SourceTables tables,
      VersionLog versions,
      ReplicaDirectory replicas,
      Absence absence,
      RequestBudget budget,
      CrashPoints crashPoints) {
    this.source = source;
    this.entries = entries;
    this.tables = tables;
    this.versions = versions;
    this.replicas = replicas;
    this.absence = absence;
    this.budget = budget;
    this.crashPoints = crashPoints;
  }

  /**
   * The table that a version is of, under its name. Whatever had the name before steps aside until
   * its UUID turns up under another one.
   *
   * @throws NameInDoubtException when the source does not say what became of an earlier name
   */
  SourceTable of(TableIdentifier name, String location, MetadataFacts facts, boolean restarted) {
    EntryKind kind = entries.kind();
    Optional<SourceTable> before = tables.active(kind, source, TableReconciler.REFERENCE, name);
    if (before.isPresent() && before.get().uuid().equals(facts.uuid()) && !restarted) {
      return before.get();
    }
    Optional<SourceTable> moved = restarted ? Optional.empty() : movedFrom(name, location, facts);
    before.ifPresent(this::superseded);
    SourceTable table =
        moved.isPresent() ? renamed(moved.get(), name) : discovered(name, facts, restarted);
    // Crash after this: the log has the name, so that the next process lets the replicas follow.
    crashPoints.passed(CrashPoint.ENTRY_KNOWN);
    return table;
  }

  private void superseded(SourceTable before) {
    replicas.superseded(before);
    // Crash after this: the next look goes on here, or brings the replicas back.
    crashPoints.passed(CrashPoint.ENTRY_SUPERSEDED);
  }

  private SourceTable renamed(SourceTable moved, TableIdentifier name) {
    tables.renamed(moved.id(), name);
    replicas.moved(moved, name);
    return tables.find(moved.id()).orElseThrow();
  }

  private SourceTable discovered(TableIdentifier name, MetadataFacts facts, boolean restarted) {
    return tables.discover(
        entries.kind(),
        source,
        TableReconciler.REFERENCE,
        name,
        facts.uuid(),
        facts.location(),
        restarted);
  }

  /**
   * The table that bore a UUID under a name at which the source no longer has it: it was renamed,
   * dropped and registered again, or pushed aside. One metadata file may stand under several names,
   * so the one whose chain the version continues comes first. A history that went back goes on
   * under its own name only, where its reconciler ends it.
   */
  private Optional<SourceTable> movedFrom(
      TableIdentifier name, String location, MetadataFacts facts) {
    List<SourceTable> candidates =
        tables.withUuid(entries.kind(), source, TableReconciler.REFERENCE, facts.uuid()).stream()
            .filter(table -> table.name().equals(name) || !wentBack(table, location, facts))
            .sorted(Comparator.comparing(table -> !continues(table, location, facts)))
            .toList();
    return candidates.stream().filter(table -> isFree(table, name)).findFirst();
  }

  private boolean continues(SourceTable table, String location, MetadataFacts facts) {
    return head(table)
        .map(TableVersion::metadataLocation)
        .filter(at -> at.equals(location) || facts.previousFiles().contains(at))
        .isPresent();
  }

  private boolean wentBack(SourceTable table, String location, MetadataFacts facts) {
    Optional<TableVersion> head = head(table);
    boolean atHead =
        head.filter(version -> version.metadataLocation().equals(location)).isPresent();
    return !atHead
        && (versions.contains(table.id(), location)
            || ChainLink.of(head, facts) instanceof ChainLink.WentBack);
  }

  private boolean isFree(SourceTable table, TableIdentifier name) {
    return table.lifecycle() != TableLifecycle.ACTIVE
        || table.name().equals(name)
        || hasLeft(table, name);
  }

  /** Whether the source shows another table under the name that a table had, or none. */
  private boolean hasLeft(SourceTable table, TableIdentifier name) {
    budget.take();
    LoadResult result = entries.load(table.name());
    if (result instanceof LoadResult.Loaded loaded) {
      boolean other = !loaded.tableUuid().equals(table.uuid());
      if (other) {
        taken.add(table.name());
      }
      return other;
    }
    // A name that is taken while it is looked at does not load, and is listed.
    Optional<String> doubt =
        result instanceof LoadResult.NotFound
            ? absence.doubt(table.name())
            : Optional.of(((LoadResult.Failure) result).detail());
    doubt.ifPresent(
        why -> {
          throw new NameInDoubtException(name, table.name(), why);
        });
    return true;
  }

  /**
   * The names to look at next, since tables have left them to others. Only a help: a listing finds
   * them too, but until then one half of a swap would stand under the name of an archived replica.
   */
  Set<TableIdentifier> takenNames() {
    Set<TableIdentifier> names = new LinkedHashSet<>(taken);
    taken.clear();
    return names;
  }

  /** The newest version in the log. */
  Optional<TableVersion> head(SourceTable table) {
    return table.headPosition().isPresent()
        ? versions.find(source, table.headPosition().getAsLong())
        : Optional.empty();
  }
}
