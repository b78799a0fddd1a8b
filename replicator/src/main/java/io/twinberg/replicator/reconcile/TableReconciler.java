package io.twinberg.replicator.reconcile;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.Append;
import io.twinberg.log.AwaitedVersions;
import io.twinberg.log.CommittedTable;
import io.twinberg.log.KeptJson;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.log.VersionOrigin;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.metadata.MetadataTrees;
import io.twinberg.replicator.prefetch.Prefetch;
import io.twinberg.source.LoadResult;
import io.twinberg.source.SourceReader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.catalog.TableIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the log's chain of one table or view up to what the source has. Truth is the source's
 * chain of metadata files: rows are ordered by predecessor link, never by clock or arrival.
 */
final class TableReconciler {
  private static final Logger LOG = LoggerFactory.getLogger(TableReconciler.class);

  /** Today one source has one upstream reference, so that the source's name stands for both. */
  static final String REFERENCE = "";

  private final String source;
  private final SourceEntries entries;
  private final Prefetch sourceFiles;
  private final MetadataFiles files;
  private final AwaitedVersions awaited;
  private final SourceTables tables;
  private final VersionLog versions;
  private final MetadataTrees trees;
  private final ReplicaDirectory replicas;
  private final RequestBudget budget;
  private final CrashPoints crashPoints;
  private final Absence absence;
  private final KnownEntries known;
  private final VersionWriter writer;

  TableReconciler(
      String source,
      SourceReader reader,
      SourceEntries entries,
      Prefetch sourceFiles,
      MetadataFiles files,
      AwaitedVersions awaited,
      SourceTables tables,
      VersionLog versions,
      MetadataTrees trees,
      ReplicaDirectory replicas,
      RequestBudget budget,
      VersionWriter writer,
      CrashPoints crashPoints) {
    this.source = source;
    this.entries = entries;
    this.sourceFiles = sourceFiles;
    this.files = files;
    this.awaited = awaited;
    this.tables = tables;
    this.versions = versions;
    this.trees = trees;
    this.replicas = replicas;
    this.budget = budget;
    this.writer = writer;
    this.crashPoints = crashPoints;
    this.absence = new Absence(reader, entries, budget);
    this.known =
        new KnownEntries(source, entries, tables, versions, replicas, absence, budget, crashPoints);
  }

  /** See {@link KnownEntries#takenNames}. */
  Set<TableIdentifier> takenNames() {
    return known.takenNames();
  }

  /**
   * Looks at the source, with Twinberg's own identity.
   *
   * @param intentId the intent that the table's newest version answers, if the look is for one
   */
  Found look(TableIdentifier name, OptionalLong intentId) {
    return look(name, intentId, OptionalLong.empty());
  }

  /**
   * Whether a source that can tell so without reading anything says that a table stands where the
   * log has it: what nearly all looks find, and most of what a source at rest would cost.
   */
  boolean isUnchanged(SourceTable table) {
    Optional<String> location = entries.location(table.name());
    return location.isPresent() && tables.headLocation(table).equals(location);
  }

  private Found look(TableIdentifier name, OptionalLong intentId, OptionalLong after) {
    budget.take();
    return found(entries.load(name), name, intentId, after);
  }

  private Found found(
      LoadResult result, TableIdentifier name, OptionalLong intentId, OptionalLong after) {
    if (result instanceof LoadResult.Loaded loaded) {
      VersionOrigin origin = intentId.isPresent() ? VersionOrigin.PROXY : VersionOrigin.BYPASS;
      return compareIfCertain(
          new Seen(
              name,
              loaded.metadataLocation(),
              KeptJson.of(loaded.metadata()),
              entries.facts(loaded.metadata()),
              origin,
              intentId,
              after,
              true));
    }
    if (result instanceof LoadResult.NotFound) {
      return confirmAbsent(name);
    }
    return new Found.NoAnswer(((LoadResult.Failure) result).detail());
  }

  /** See {@link VersionWriter#log}. */
  void log(Found.Present found) {
    writer.log(found);
  }

  /** See {@link VersionWriter#logGroup}. */
  void logGroup(List<Found.Present> found, long intentId) {
    writer.logGroup(found, intentId);
  }

  /**
   * Only a successful listing without the table means that it is gone; a 404 may hide it from our
   * identity.
   */
  private Found confirmAbsent(TableIdentifier name) {
    Optional<String> doubt = absence.doubt(name);
    return doubt.isPresent() ? new Found.NoAnswer(doubt.get()) : drop(name);
  }

  private Found drop(TableIdentifier name) {
    tables
        .active(entries.kind(), source, REFERENCE, name)
        .ifPresent(
            table -> {
              // Crash between the two: the table is still looked at, and the next look drops it.
              replicas.dropped(table);
              crashPoints.passed(CrashPoint.REPLICAS_DROPPED);
              tables.dropped(table.id());
              crashPoints.passed(CrashPoint.TABLE_DROPPED);
            });
    return new Found.Absent();
  }

  /**
   * Takes the version that the source answered to a commit, where it links up. An answer for a
   * table that the log does not have under its name may be late: the source is asked then, since a
   * late answer must not bring back what has been dropped or replaced meanwhile.
   */
  Found answered(CommittedTable committed, long intentId) {
    MetadataFacts facts = entries.facts(committed.metadata().bytes());
    Seen answer =
        new Seen(
            committed.name(),
            committed.metadataLocation(),
            committed.metadata(),
            facts,
            VersionOrigin.PROXY,
            OptionalLong.of(intentId),
            OptionalLong.of(intentId),
            false);
    if (isActive(committed.name(), facts)) {
      return compareIfCertain(answer);
    }
    return tables.withUuid(entries.kind(), source, REFERENCE, facts.uuid()).isEmpty()
        ? beginning(answer)
        : look(answer.name(), answer.intentId(), answer.after());
  }

  private boolean isActive(TableIdentifier name, MetadataFacts facts) {
    return tables
        .active(entries.kind(), source, REFERENCE, name)
        .filter(table -> table.uuid().equals(facts.uuid()))
        .isPresent();
  }

  /**
   * The log of a table that it has never met begins with the first answer and not with what the
   * source shows by now, which may have expired the answer's snapshot; the sweep looks at that.
   */
  private Found beginning(Seen answer) {
    budget.take();
    LoadResult result = entries.load(answer.name());
    return result instanceof LoadResult.Loaded loaded
            && loaded.tableUuid().equals(answer.facts().uuid())
        ? compareIfCertain(answer)
        : found(result, answer.name(), answer.intentId(), answer.after());
  }

  /**
   * A version that came from the source.
   *
   * @param after the intent whose answer it is, or none: an answer waits for earlier ones only, so
   *     that none wait for each other, and nobody waits for those who have to look
   * @param current whether the source shows it as its current one, or it is an answer that others
   *     may have followed
   */
  private record Seen(
      TableIdentifier name,
      String location,
      KeptJson metadata,
      MetadataFacts facts,
      VersionOrigin origin,
      OptionalLong intentId,
      OptionalLong after,
      boolean current) {}

  private Found compareIfCertain(Seen seen) {
    try {
      return compare(seen);
    } catch (NameInDoubtException e) {
      return new Found.NoAnswer(e.getMessage());
    }
  }

  private Found compare(Seen seen) {
    MetadataFacts facts = seen.facts();
    SourceTable table = known.of(seen.name(), seen.location(), facts, false);
    // The replicas first: metadata is kept in the log only as long as a replica waits for it.
    Following following = replicas.ensure(table);
    Optional<TableVersion> head = known.head(table);
    head.filter(version -> following.positions().contains(version.position()))
        .ifPresent(version -> prefetch(seen, version, facts));
    if (head.filter(version -> version.metadataLocation().equals(seen.location())).isPresent()) {
      return new Found.Present(table, facts, Optional.empty());
    }
    if (versions.contains(table.id(), seen.location())) {
      // Read after it: another process may have logged this very version since we met the table.
      boolean atHead = headNow(table).metadataLocation().equals(seen.location());
      return atHead || !seen.current()
          ? new Found.Present(table, facts, Optional.empty())
          : restart(seen, facts, "the catalog points to the earlier version " + seen.location());
    }
    if (head.isPresent() && SameVersion.underTwoNames(head.get(), seen.location(), facts)) {
      return new Found.Present(table, facts, Optional.empty());
    }
    ChainLink link = ChainLink.of(head, facts);
    if (link instanceof ChainLink.Unlinked) {
      link = new ChainWalk(earlier(seen), versions).link(table, head.orElseThrow(), facts);
    }
    if (link instanceof ChainLink.First) {
      return first(table, seen);
    }
    if (link instanceof ChainLink.Skips && awaited.any(source, seen.name(), seen.after())) {
      return new Found.TooEarly();
    }
    if (link instanceof ChainLink.Follows || link instanceof ChainLink.Skips) {
      return extension(table, head, seen, facts, link);
    }
    if (!seen.current() && facts.previousFiles().isEmpty()) {
      // The source shows what holds now, and not whose answers come before it: the sweep looks.
      return new Found.Present(table, facts, Optional.empty());
    }
    if (!seen.current()) {
      // Others followed this answer before we read it: only the source can say what holds now.
      return look(seen.name(), seen.intentId(), seen.after());
    }
    if (link instanceof ChainLink.WentBack back) {
      // Judged by a head that another process may have moved meanwhile.
      return headNow(table).position() == head.orElseThrow().position()
          ? restart(seen, facts, back.why())
          : compare(seen);
    }
    return extension(table, head, seen, facts, link);
  }

  private Found first(SourceTable table, Seen seen) {
    UnexplainedCommits commits = new UnexplainedCommits(awaited.commits(source, seen.name()));
    return commits.comeBefore(seen.facts(), seen.after())
        ? new Found.TooEarly()
        : extension(
            table,
            Optional.empty(),
            seen,
            seen.facts(),
            commits.first(seen.facts(), earlier(seen)));
  }

  /**
   * A replica that has the head will want the files of the snapshot that follows it before the log
   * has the version.
   */
  private void prefetch(Seen seen, TableVersion head, MetadataFacts facts) {
    if (facts.lastSequenceNumber() > head.lastSequenceNumber()) {
      facts.newestSnapshot().ifPresent(snapshot -> sourceFiles.begin(seen.name(), snapshot));
      trees.begin(seen.metadata().bytes());
    }
  }

  /**
   * The table's history went back: its replicas are archived and another incarnation begins, never
   * a merge. Asked twice, since one answer may come from a cache or from a catalog server that lags
   * behind.
   */
  private Found restart(Seen seen, MetadataFacts facts, String why) {
    budget.take();
    if (!(entries.load(seen.name()) instanceof LoadResult.Loaded again
        && again.metadataLocation().equals(seen.location()))) {
      return new Found.NoAnswer("not confirmed when asked again: " + why);
    }
    LOG.error("source went back source={} table={}: {}", source, seen.name(), why);
    SourceTable table = known.of(seen.name(), seen.location(), facts, true);
    replicas.ensure(table);
    return extension(table, Optional.empty(), seen, facts, ChainLink.First.ALONE);
  }

  private TableVersion headNow(SourceTable table) {
    return tables.find(table.id()).flatMap(known::head).orElseThrow();
  }

  private EarlierFiles earlier(Seen seen) {
    return new EarlierFiles(sourceFiles.of(seen::name), files);
  }

  private static Optional<String> lost(ChainLink.First first) {
    return Optional.of(first.lost())
        .filter(lost -> !lost.isEmpty())
        .map(lost -> "before the first version the source shows nothing of snapshots " + lost);
  }

  private Found extension(
      SourceTable table,
      Optional<TableVersion> head,
      Seen seen,
      MetadataFacts facts,
      ChainLink link) {
    Extension extension = new Extension(earlier(seen), versions);
    if (link instanceof ChainLink.First first) {
      extension.between(table, first.before());
      lost(first).ifPresent(extension::gap);
    }
    if (link instanceof ChainLink.Follows follows) {
      extension.between(table, follows.between());
    }
    if (link instanceof ChainLink.Unlinked unlinked) {
      extension.gap("the last logged version is not in the source's metadata log any more");
      extension.between(table, unlinked.reachable());
    }
    if (link instanceof ChainLink.Skips skips && skips.lost()) {
      extension.gap("the source keeps no log of metadata files and has gone on by several commits");
    }
    VersionOrigin origin =
        head.isEmpty() && extension.versions().isEmpty() && seen.origin() == VersionOrigin.BYPASS
            ? VersionOrigin.DISCOVERED
            : seen.origin();
    extension.add(seen.location(), origin, seen.intentId(), facts, seen.metadata());
    OptionalLong expectedHead =
        head.map(version -> OptionalLong.of(version.position())).orElseGet(OptionalLong::empty);
    return new Found.Present(
        table,
        facts,
        Optional.of(new Append(table, expectedHead, extension.versions(), extension.gap())));
  }
}
