package io.twinberg.replicator.reconcile;

import io.twinberg.log.Append;
import io.twinberg.log.CommittedTable;
import io.twinberg.log.NewVersion;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.log.VersionOrigin;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.source.Listing;
import io.twinberg.source.LoadResult;
import io.twinberg.source.SourceReader;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreException;
import io.twinberg.wake.Wake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the log's chain of one table up to what the source has. Truth is the source's chain of
 * metadata files: rows are ordered by predecessor link, never by clock or arrival.
 */
final class TableReconciler {
  private static final Logger LOG = LoggerFactory.getLogger(TableReconciler.class);

  /** How many older metadata files are opened to find the head again before the gap is recorded. */
  private static final int MAX_WALK = 1000;

  /** Today one source has one upstream reference, so that the source's name stands for both. */
  static final String REFERENCE = "";

  private final String source;
  private final SourceReader reader;
  private final ObjectStore store;
  private final MetadataFiles files;
  private final SourceTables tables;
  private final VersionLog versions;
  private final ReplicaDirectory replicas;
  private final RequestBudget budget;
  private final Wake laneWake;

  TableReconciler(
      String source,
      SourceReader reader,
      ObjectStore store,
      MetadataFiles files,
      SourceTables tables,
      VersionLog versions,
      ReplicaDirectory replicas,
      RequestBudget budget,
      Wake laneWake) {
    this.source = source;
    this.reader = reader;
    this.store = store;
    this.files = files;
    this.tables = tables;
    this.versions = versions;
    this.replicas = replicas;
    this.budget = budget;
    this.laneWake = laneWake;
  }

  /**
   * Looks at the source, with Twinberg's own identity.
   *
   * @param intentId the intent that the table's newest version answers, if the look is for one
   */
  Found look(TableIdentifier name, OptionalLong intentId) {
    budget.take();
    LoadResult result = reader.load(name);
    if (result instanceof LoadResult.Loaded loaded) {
      VersionOrigin origin = intentId.isPresent() ? VersionOrigin.PROXY : VersionOrigin.BYPASS;
      return compare(
          new Seen(name, loaded.metadataLocation(), loaded.metadata(), origin, intentId, true));
    }
    if (result instanceof LoadResult.NotFound) {
      return confirmAbsent(name);
    }
    return new Found.NoAnswer(((LoadResult.Failure) result).detail());
  }

  /**
   * The UUID of the table that the source has under a name, empty where it has none or does not
   * say.
   */
  Optional<String> uuidAt(TableIdentifier name) {
    budget.take();
    return reader.load(name) instanceof LoadResult.Loaded loaded
        ? Optional.of(loaded.tableUuid())
        : Optional.empty();
  }

  /** Appends what a look found. */
  void log(Found.Present found) {
    found.news().ifPresent(this::append);
  }

  private void append(Append append) {
    long position = versions.append(append);
    // At once: what is left to write of the intent goes on beside the replication.
    laneWake.signal();
    LOG.info(
        "versions logged source={} table={} count={} position={} origin={}",
        source,
        append.table().name(),
        append.versions().size(),
        position,
        append.versions().get(append.versions().size() - 1).origin());
  }

  /**
   * Only a successful listing without the table means that it is gone; a 404 may hide it from our
   * identity.
   */
  private Found confirmAbsent(TableIdentifier name) {
    budget.take();
    Listing<TableIdentifier> listing = reader.listTables(name.namespace());
    if (listing instanceof Listing.Listed<TableIdentifier> listed) {
      if (listed.items().contains(name)) {
        return new Found.NoAnswer("the source lists " + name + " but answers 404 to loading it");
      }
      return drop(name);
    }
    LoadResult.Failure failure = ((Listing.Failed<TableIdentifier>) listing).failure();
    return failure instanceof LoadResult.NotFound
        ? confirmNamespaceAbsent(name)
        : new Found.NoAnswer(failure.detail());
  }

  private Found confirmNamespaceAbsent(TableIdentifier name) {
    budget.take();
    if (reader.listNamespaces() instanceof Listing.Listed<?> listed
        && !listed.items().contains(name.namespace())) {
      return drop(name);
    }
    return new Found.NoAnswer("the namespace of " + name + " cannot be listed");
  }

  private Found drop(TableIdentifier name) {
    tables
        .active(source, REFERENCE, name)
        .ifPresent(
            table -> {
              tables.dropped(table.id());
              replicas.dropped(table);
            });
    return new Found.Absent();
  }

  /**
   * Takes the version that the source answered to a commit, where it links up. An answer for a
   * table that the log does not have under its name may be late: the source is asked then, since a
   * late answer must not bring back what has been dropped or replaced meanwhile.
   */
  Found answered(CommittedTable committed, long intentId) {
    MetadataFacts facts = MetadataFacts.of(committed.metadata());
    boolean same =
        tables
            .active(source, REFERENCE, committed.name())
            .filter(table -> table.uuid().equals(facts.uuid()))
            .isPresent();
    if (!same) {
      return look(committed.name(), OptionalLong.of(intentId));
    }
    return compare(
        new Seen(
            committed.name(),
            committed.metadataLocation(),
            committed.metadata(),
            VersionOrigin.PROXY,
            OptionalLong.of(intentId),
            false));
  }

  /**
   * A version that came from the source.
   *
   * @param current whether the source shows it as its current one, or it is an answer that others
   *     may have followed
   */
  private record Seen(
      TableIdentifier name,
      String location,
      byte[] metadata,
      VersionOrigin origin,
      OptionalLong intentId,
      boolean current) {}

  private Found compare(Seen seen) {
    MetadataFacts facts = MetadataFacts.of(seen.metadata());
    SourceTable table = known(seen.name(), facts, false);
    // The replicas first: metadata is kept in the log only as long as a replica waits for it.
    replicas.ensure(table);
    Optional<TableVersion> head = head(table);
    if (versions.contains(table.id(), seen.location())) {
      boolean atHead = head.orElseThrow().metadataLocation().equals(seen.location());
      return atHead || !seen.current()
          ? new Found.Present(table, facts, Optional.empty())
          : restart(seen, facts, "the catalog points to the earlier version " + seen.location());
    }
    ChainLink link = ChainLink.of(head, facts);
    if (link instanceof ChainLink.Unlinked) {
      link = walk(head.orElseThrow(), facts);
    }
    return link instanceof ChainLink.WentBack back
        ? restart(seen, facts, back.why())
        : extension(table, head, seen, facts, link);
  }

  /**
   * The table's history went back: its replicas are archived and another incarnation begins, never
   * a merge.
   */
  private Found restart(Seen seen, MetadataFacts facts, String why) {
    LOG.error("source went back source={} table={}: {}", source, seen.name(), why);
    SourceTable table = known(seen.name(), facts, true);
    replicas.ensure(table);
    return extension(table, Optional.empty(), seen, facts, new ChainLink.First());
  }

  private SourceTable known(TableIdentifier name, MetadataFacts facts, boolean restarted) {
    Optional<SourceTable> before = tables.active(source, REFERENCE, name);
    if (before.isPresent() && before.get().uuid().equals(facts.uuid()) && !restarted) {
      return before.get();
    }
    before.ifPresent(replicas::superseded);
    return tables.discover(source, REFERENCE, name, facts.uuid(), facts.location(), restarted);
  }

  private Optional<TableVersion> head(SourceTable table) {
    return table.headPosition().isPresent()
        ? versions.find(source, table.headPosition().getAsLong())
        : Optional.empty();
  }

  private Found extension(
      SourceTable table,
      Optional<TableVersion> head,
      Seen seen,
      MetadataFacts facts,
      ChainLink link) {
    List<NewVersion> missing = new ArrayList<>();
    if (link instanceof ChainLink.Follows follows) {
      follows.between().forEach(file -> between(table, file).ifPresent(missing::add));
    }
    VersionOrigin origin =
        link instanceof ChainLink.First && seen.origin() == VersionOrigin.BYPASS
            ? VersionOrigin.DISCOVERED
            : seen.origin();
    missing.add(version(seen.location(), origin, seen.intentId(), facts, seen.metadata()));
    Optional<String> gap =
        link instanceof ChainLink.Unlinked
            ? Optional.of("the last logged version is not in the source's metadata log any more")
            : Optional.empty();
    OptionalLong expectedHead =
        head.map(version -> OptionalLong.of(version.position())).orElseGet(OptionalLong::empty);
    return new Found.Present(
        table, facts, Optional.of(new Append(table, expectedHead, missing, gap)));
  }

  /**
   * A version that bypassed us between two that we know; its file may have been deleted at the
   * source.
   */
  private Optional<NewVersion> between(SourceTable table, String location) {
    if (versions.contains(table.id(), location)) {
      return Optional.empty();
    }
    try {
      byte[] metadata = files.read(store, location);
      return Optional.of(
          version(
              location,
              VersionOrigin.BYPASS,
              OptionalLong.empty(),
              MetadataFacts.of(metadata),
              metadata));
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.MISSING) {
        LOG.warn("gap source={} table={} missing={}", source, table.name(), location);
        return Optional.empty();
      }
      throw e;
    }
  }

  private static NewVersion version(
      String location,
      VersionOrigin origin,
      OptionalLong intentId,
      MetadataFacts facts,
      byte[] metadata) {
    return new NewVersion(
        location,
        origin,
        intentId,
        facts.lastSequenceNumber(),
        facts.lastUpdatedAt(),
        facts.currentSnapshotId(),
        Optional.of(metadata));
  }

  /** Opens older and older metadata files until one of their logs names the head. */
  private ChainLink walk(TableVersion head, MetadataFacts facts) {
    List<String> between = new ArrayList<>(facts.previousFiles());
    MetadataFacts oldest = facts;
    for (int i = 0; i < MAX_WALK && !oldest.previousFiles().isEmpty(); i++) {
      try {
        oldest = MetadataFacts.of(files.read(store, oldest.previousFiles().get(0)));
      } catch (StoreException e) {
        if (e.kind() == StoreException.Kind.MISSING) {
          return new ChainLink.Unlinked();
        }
        throw e;
      }
      int index = oldest.previousFiles().lastIndexOf(head.metadataLocation());
      if (index >= 0) {
        between.addAll(0, oldest.previousFiles().subList(index + 1, oldest.previousFiles().size()));
        return new ChainLink.Follows(between);
      }
      between.addAll(0, oldest.previousFiles());
    }
    return new ChainLink.Unlinked();
  }
}
