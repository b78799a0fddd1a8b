package io.twinberg.replicator.lane;

import io.twinberg.fault.CrashPoints;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.mapping.LocationMapping;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.publish.Attempt;
import io.twinberg.replicator.publish.PublishedMetadata;
import io.twinberg.replicator.publish.VersionApplier;
import io.twinberg.storage.ObjectStore;
import io.twinberg.wake.Wake;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lane does with a replica that it has claimed: version after version, each followed by its
 * pointer object.
 */
final class LaneWork {
  private static final Logger LOG = LoggerFactory.getLogger(LaneWork.class);

  private final Replicas replicas;
  private final VersionLog versions;
  private final VersionChooser chooser;
  private final VersionApplier applier;
  private final PublishedMetadata published;
  private final PointerWriter pointers;
  private final Ends ends;
  private final Supplier<String> nonces;
  private final Wake wake;
  private final CrashPoints crashPoints;

  LaneWork(
      Replicas replicas,
      VersionLog versions,
      VersionChooser chooser,
      VersionApplier applier,
      PublishedMetadata published,
      PointerWriter pointers,
      Ends ends,
      Supplier<String> nonces,
      Wake wake,
      CrashPoints crashPoints) {
    this.replicas = replicas;
    this.versions = versions;
    this.chooser = chooser;
    this.applier = applier;
    this.published = published;
    this.pointers = pointers;
    this.ends = ends;
    this.nonces = nonces;
    this.wake = wake;
    this.crashPoints = crashPoints;
  }

  /** Applies what is waiting, until nothing is. */
  void run(Replica replica, Lease lease) throws InterruptedException {
    if (!ends.has(replica.source(), replica.destination())) {
      throw new EndMissingException(replica);
    }
    Attempt attempt = attempt(replica, lease);
    crashPoints.passed("claimed");
    Optional<Attempt> next = Optional.of(attempt);
    while (next.isPresent() && !wake.ended()) {
      writePointer(next.get());
      next = applyNext(next.get());
    }
  }

  private Attempt attempt(Replica replica, Lease lease) {
    LocationMapping mapping =
        new LocationMapping(
            replica.folder(),
            replicas.mapping(replica.id()),
            ends.allowedLocations().get(replica.source()));
    return new Attempt(
        replica,
        lease,
        nonces.get(),
        ends.sources().get(replica.source()),
        ends.destinations().get(replica.destination()),
        mapping);
  }

  private Optional<Attempt> applyNext(Attempt attempt) throws InterruptedException {
    Replica replica = attempt.replica();
    ObjectStore source = attempt.source();
    Optional<ReplicaVersion> previous = published.of(replica, attempt.destination());
    Optional<Choice> choice = chooser.next(replica, snapshots(previous), source);
    if (choice.isEmpty()) {
      return Optional.empty();
    }
    Replica moved =
        applier.apply(attempt, choice.get().version(), choice.get().metadata(), previous);
    LOG.info(
        "version applied replica={} table={} destination={} position={} generation={}",
        moved.id(),
        moved.name(),
        moved.destination(),
        moved.position(),
        moved.generation());
    versions.trim(moved.tableId());
    return Optional.of(attempt.with(moved));
  }

  private static Set<Long> snapshots(Optional<ReplicaVersion> version) {
    Set<Long> ids = new HashSet<>();
    version.ifPresent(
        published ->
            published
                .tree()
                .path("snapshots")
                .forEach(snapshot -> ids.add(snapshot.path("snapshot-id").asLong())));
    return ids;
  }

  /**
   * Off the critical path: the version is readable already; a crash before this leaves the row that
   * says so.
   */
  private void writePointer(Attempt attempt) {
    if (attempt.replica().pointerGeneration() < attempt.replica().generation()) {
      pointers.write(attempt.replica(), attempt.destination());
      crashPoints.passed("pointer-written");
    }
  }
}
