package io.twinberg.replicator.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.TableVersion;
import io.twinberg.replica.CondemnedFiles;
import io.twinberg.replica.GroupPublisher;
import io.twinberg.replica.Ledger;
import io.twinberg.replica.LedgerEntry;
import io.twinberg.replica.Publication;
import io.twinberg.replica.Publisher;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replicator.merge.Expiry;
import io.twinberg.replicator.merge.MergeRequest;
import io.twinberg.replicator.merge.MetadataMerge;
import io.twinberg.replicator.merge.MissingParts;
import io.twinberg.replicator.merge.MissingParts.MissingSnapshot;
import io.twinberg.replicator.merge.MovedSpecs;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.merge.SnapshotManifests;
import io.twinberg.replicator.merge.SnapshotManifests.InList;
import io.twinberg.replicator.merge.SnapshotManifests.Inline;
import io.twinberg.replicator.merge.Unsupported;
import io.twinberg.replicator.merge.Withheld;
import io.twinberg.replicator.metadata.InvalidMetadataException;
import io.twinberg.replicator.metadata.MetadataTrees;
import io.twinberg.replicator.plan.SnapshotPlan;
import io.twinberg.replicator.plan.SnapshotPlanner;
import io.twinberg.replicator.rewrite.RewrittenFile;
import io.twinberg.replicator.task.LocalTaskRunner;
import io.twinberg.replicator.task.StandingFiles;
import io.twinberg.replicator.task.TransferProgress;
import io.twinberg.source.MetadataJson;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Applies one version to one replica. Files first, the pointer last: until the publishing
 * transaction a reader sees the version before, from then on this one.
 */
public final class VersionApplier {
  private final Ledger ledger;
  private final VouchedManifests vouched;
  private final VouchedDeletes vouchedDeletes;
  private final CondemnedPaths condemned;
  private final Publisher publisher;
  private final GroupPublisher groups;
  private final PublishedMetadata published;
  private final MetadataTrees trees;
  private final ReplicaListener listener;
  private final Clock clock;
  private final CrashPoints crashPoints;

  /**
   * An applier of one process; all lanes share it.
   *
   * @param listener is handed the metadata that this process has written
   */
  public VersionApplier(
      Ledger ledger,
      CondemnedFiles condemned,
      Publisher publisher,
      GroupPublisher groups,
      PublishedMetadata published,
      MetadataTrees trees,
      ReplicaListener listener,
      Clock clock,
      CrashPoints crashPoints) {
    this.ledger = ledger;
    this.vouched = new VouchedManifests(ledger);
    this.vouchedDeletes = new VouchedDeletes(ledger);
    this.condemned = new CondemnedPaths(condemned);
    this.publisher = publisher;
    this.groups = groups;
    this.published = published;
    this.trees = trees;
    this.listener = listener;
    this.clock = clock;
    this.crashPoints = crashPoints;
  }

  /**
   * Applies a version and returns the replica with its new pointer; empty when all of the version
   * is there and waits for the others of its group.
   */
  public Optional<Replica> apply(
      Attempt claim, TableVersion version, byte[] metadata, Optional<ReplicaVersion> previous)
      throws InterruptedException {
    return apply(
        claim, version, metadata, previous, previous.map(ReplicaVersion::tree), Optional.empty());
  }

  /**
   * Makes the version that a replica shows anew and publishes it as its next generation.
   *
   * @param shown the published metadata; by it goes what the replica keeps
   * @param previous what of it is not made anew
   * @param standing what is not to be copied again
   */
  public Replica applyAgain(
      Attempt claim,
      TableVersion version,
      byte[] metadata,
      Optional<ReplicaVersion> shown,
      Optional<ReplicaVersion> previous,
      StandingFiles standing)
      throws InterruptedException {
    if (!again(claim, version)) {
      throw new IllegalArgumentException(
          "replica " + claim.replica().id() + " does not show position " + version.position());
    }
    return apply(
            claim,
            version,
            metadata,
            previous,
            shown.map(ReplicaVersion::tree),
            Optional.of(standing))
        .orElseThrow();
  }

  private Optional<Replica> apply(
      Attempt claim,
      TableVersion version,
      byte[] metadata,
      Optional<ReplicaVersion> previous,
      Optional<ObjectNode> held,
      Optional<StandingFiles> standing)
      throws InterruptedException {
    RevivingMapping mapping = condemned.mapping(claim);
    Attempt attempt = claim.with(mapping);
    Instant startedAt = clock.instant();
    KeptPart kept =
        KeptPart.of(
            attempt.refs(), attempt.retention(), parsed(version, metadata), held, startedAt);
    ObjectNode source = kept.source();
    boolean again = again(attempt, version);
    Withheld withheld = withheld(attempt, again, source, previous, kept.expiry());
    Expiry expiry = kept.expiry().and(withheld.snapshots());
    MissingParts missing =
        MissingParts.of(source, previous.map(ReplicaVersion::tree), attempt.mapping(), expiry);
    if (again) {
      missing = missing.backwards(source);
    }
    crashPoints.passed(CrashPoint.PLANNED);
    MovedLists moved = movedLists(attempt, source, previous, expiry);
    MergeRequest merge = mergeRequest(attempt, source, previous, missing, moved, expiry);
    String location = merge.metadataLocation();
    try (MetadataWriting writing = newWriting(attempt, merge);
        VersionTransfer transfer =
            newTransfer(attempt, version, startedAt, previous, missing, standing)) {
      transfer(transfer, missing, writing);
      WrittenMetadata merged = writing.await();
      crashPoints.passed(CrashPoint.METADATA_WRITTEN);
      transfer.await();
      crashPoints.passed(CrashPoint.FILES_COMPLETE);
      listener.written(attempt.replica(), location, merged.bytes());
      Optional<Replica> replica =
          publish(
              attempt,
              version,
              location,
              merged.bytes().length,
              transfer,
              moved,
              mapping.revived(),
              withheld,
              startedAt);
      replica.ifPresent(shown -> crashPoints.passed(CrashPoint.PUBLISHED));
      published.remember(attempt.replica().id(), location, merged);
      vouched.published(attempt, transfer.manifests());
      condemned.published(attempt, mapping.revived());
      return replica;
    }
  }

  /** Reads again what is vouched for and condemned: somebody has changed it under this lease. */
  public void forget(String replicaId) {
    vouched.forget(replicaId);
    condemned.forget(replicaId);
  }

  /** Whether the replica shows this version already, and takes the next step of its history. */
  private static boolean again(Attempt attempt, TableVersion version) {
    return version.position() == attempt.replica().position();
  }

  private ObjectNode parsed(TableVersion version, byte[] metadata) throws InterruptedException {
    try {
      ObjectNode source = trees.of(metadata);
      Unsupported.check(source);
      return source;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new InvalidMetadataException(version.metadataLocation() + ": " + e.getMessage(), e);
    }
  }

  private static Withheld withheld(
      Attempt attempt,
      boolean again,
      ObjectNode source,
      Optional<ReplicaVersion> previous,
      Expiry retained) {
    return Withheld.of(
        attempt.replica().historyThrough(),
        again,
        source,
        previous.map(ReplicaVersion::tree),
        retained);
  }

  private static MovedLists movedLists(
      Attempt attempt, ObjectNode source, Optional<ReplicaVersion> previous, Expiry expiry) {
    return MovedLists.rewrite(
        attempt,
        MovedSpecs.of(source, previous.map(ReplicaVersion::tree), expiry),
        previous.map(held -> held.keptAlone(source, expiry)).orElseGet(Map::of));
  }

  private Optional<Replica> publish(
      Attempt attempt,
      TableVersion version,
      String location,
      long metadataBytes,
      VersionTransfer transfer,
      MovedLists moved,
      List<String> revived,
      Withheld withheld,
      Instant startedAt) {
    List<LedgerEntry> entries = new ArrayList<>(transfer.entries());
    entries.addAll(moved.entries());
    Publication publication =
        new Publication(
            attempt.replica(),
            attempt.lease(),
            version,
            location,
            entries,
            revived,
            transfer.files() + moved.entries().size() + 1,
            transfer.bytes() + moved.bytes() + metadataBytes,
            withheld.through(),
            attempt.refs(),
            startedAt);
    return again(attempt, version)
        ? Optional.of(publisher.republish(publication))
        : groups.publish(publication);
  }

  private void transfer(VersionTransfer transfer, MissingParts missing, MetadataWriting metadata)
      throws InterruptedException {
    transfer.statistics(missing.statistics());
    for (Iterator<MissingSnapshot> left = missing.snapshots().iterator(); left.hasNext(); ) {
      SnapshotPlan plan = transfer.plan(left.next());
      if (!left.hasNext()) {
        // Nothing that could be refused is left, and the file need not wait for those it names.
        metadata.write();
      }
      transfer.bring(plan, !left.hasNext());
      crashPoints.passed(CrashPoint.SNAPSHOT_TRANSFERRED);
    }
    crashPoints.passed(CrashPoint.SNAPSHOTS_TRANSFERRED);
  }

  private MetadataWriting newWriting(Attempt attempt, MergeRequest merge) {
    return new MetadataWriting(
        attempt.pools(),
        () -> merged(merge),
        bytes -> attempt.destination().put(merge.metadataLocation(), bytes));
  }

  private WrittenMetadata merged(MergeRequest request) {
    ObjectNode tree = MetadataMerge.merge(request).tree();
    byte[] bytes = MetadataJson.write(tree);
    // The next version is merged with this one: what could not be read then must not be published.
    published.requireReadable(request.metadataLocation(), bytes.length);
    return new WrittenMetadata(tree, bytes);
  }

  private VersionTransfer newTransfer(
      Attempt attempt,
      TableVersion version,
      Instant startedAt,
      Optional<ReplicaVersion> previous,
      MissingParts missing,
      Optional<StandingFiles> standing) {
    RecentManifests recent =
        new RecentManifests(
            snapshot -> PublishedManifests.targets(previous, snapshot, attempt.destination()));
    SnapshotPlanner planner =
        new SnapshotPlanner(
            attempt.source(), paths -> vouched.find(attempt, paths), recent, attempt.names());
    TransferProgress progress =
        new TransferProgress(version.position(), startedAt, missing.snapshots().size());
    LocalTaskRunner runner =
        new LocalTaskRunner(
            attempt.pools(),
            attempt.source(),
            attempt.destination(),
            attempt.mapping(),
            paths -> vouchedDeletes.find(attempt, paths),
            standing,
            progress,
            crashPoints);
    return new VersionTransfer(
        attempt,
        runner,
        planner,
        recent,
        ledger,
        ledger.staged(attempt.replica().id()),
        missing.snapshots().size() > 1,
        progress,
        crashPoints);
  }

  private MergeRequest mergeRequest(
      Attempt attempt,
      ObjectNode source,
      Optional<ReplicaVersion> previous,
      MissingParts missing,
      MovedLists moved,
      Expiry expiry) {
    Map<Long, SnapshotManifests> manifests = new HashMap<>(moved.manifests());
    missing
        .snapshots()
        .forEach(snapshot -> manifests.put(snapshot.snapshotId(), targets(attempt, snapshot)));
    return new MergeRequest(
        source,
        previous,
        attempt.names().metadataFile(attempt.replica().generation() + 1),
        attempt.replica().folder(),
        attempt.mapping(),
        manifests,
        moved.specs(),
        expiry);
  }

  /** Known before anything is written: names are given by the attempt, or by what is there. */
  private SnapshotManifests targets(Attempt attempt, MissingSnapshot snapshot) {
    if (!(snapshot.manifests() instanceof Inline inline)) {
      return new InList(attempt.names().manifestList(snapshot.snapshotId()));
    }
    Map<String, RewrittenFile> known = vouched.find(attempt, inline.paths());
    return new Inline(
        inline.paths().stream()
            .map(
                path ->
                    known.containsKey(path)
                        ? known.get(path).path()
                        : attempt.names().manifest(path))
            .toList());
  }
}
