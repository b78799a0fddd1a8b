package io.twinberg.replica;

import io.twinberg.database.Database;
import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what belongs to a group together: a version that is complete waits, staged in a row,
 * until all members of its group are, and whoever completes the group moves all their pointers in
 * one transaction. What waits longer than the hold is shown without the rest, and that is recorded.
 */
public final class GroupPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(GroupPublisher.class);

  private final Jdbi jdbi;
  private final VersionLog versions;
  private final Publisher publisher;
  private final ReplicaListener listener;
  private final Duration hold;
  private final Clock clock;
  private final CrashPoints crashPoints;

  /**
   * The groups of one database.
   *
   * @param hold how long members wait for each other at a destination
   */
  public GroupPublisher(
      Database database,
      VersionLog versions,
      Publisher publisher,
      ReplicaListener listener,
      Duration hold,
      Clock clock,
      CrashPoints crashPoints) {
    this.jdbi = database.jdbi();
    this.versions = versions;
    this.publisher = publisher;
    this.listener = listener;
    this.hold = hold;
    this.clock = clock;
    this.crashPoints = crashPoints;
  }

  /** A member and how it stood before it was shown. */
  private record Member(StagedPublication staged, Replica before) {}

  /**
   * Publishes a version and returns the replica as it is now; empty when the version waits for the
   * others of its group.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing has changed
   * @throws SettingsChangedException when the replica keeps something else by now
   */
  public Optional<Replica> publish(Publication publication) {
    OptionalLong group = publication.version().group();
    if (group.isEmpty() || isBackfill(publication.replica())) {
      return Optional.of(publisher.publish(publication));
    }
    GroupAtDestination key =
        new GroupAtDestination(group.getAsLong(), publication.replica().destination());
    stage(key, publication);
    crashPoints.passed(CrashPoint.GROUP_STAGED);
    return complete(key).stream()
        .filter(moved -> moved.id().equals(publication.replica().id()))
        .findFirst();
  }

  /** Until a replica has all that it begins with, no other one waits for it, nor it for others. */
  private static boolean isBackfill(Replica replica) {
    return replica.metadataLocation().isEmpty() || replica.historyThrough().isPresent();
  }

  private void stage(GroupAtDestination group, Publication publication) {
    Instant now = clock.instant();
    jdbi.useTransaction(
        handle -> {
          DestinationGroups.enter(handle, group, now);
          Leases.fence(handle, publication.lease());
          wentWell(handle, publication, now);
          StagedPublications.put(handle, group, publication, now);
          Ledger.stageMissing(
              handle, publication.replica().id(), publication.lease(), publication.entries());
          CondemnedFiles.revive(handle, publication.replica().id(), publication.revived());
        });
  }

  /** Whatever failed before, it is the others now that it waits for. */
  private static void wentWell(Handle handle, Publication publication, Instant now) {
    int same =
        ReplicaAsRead.bind(
                handle.createUpdate(
                    """
                    update replica set attempts = 0, next_attempt_at = :now, error_code = null, error_message = null,
                        error_file = null, failed_since = null, needs_person = false, vain_attempts = 0,
                        given_up_head = null
                    where id = :id and
                    """
                        + ReplicaAsRead.STILL),
                publication.replica())
            .bind("now", now)
            .bind("id", publication.replica().id())
            .execute();
    if (same != 1) {
      throw ReplicaAsRead.refusal(handle, publication);
    }
  }

  /** Whether a replica's next version is complete and waits for the others of its group. */
  public boolean waits(String replicaId) {
    return jdbi.withHandle(handle -> StagedPublications.of(handle, replicaId)).isPresent();
  }

  /**
   * Takes over what waits of a replica that was claimed: true when its next version is complete, so
   * that there is nothing to do but to wait.
   *
   * @throws LeaseLostException when another attempt has taken over
   */
  public boolean takeOver(Replica replica, Lease lease) {
    if (!waits(replica.id())) {
      return false;
    }
    return jdbi.inTransaction(
        handle -> {
          Leases.fence(handle, lease);
          // Read again: the group may have been published between the two.
          return StagedPublications.of(handle, replica.id())
              .map(staged -> takeOver(handle, staged, lease))
              .orElse(false);
        });
  }

  private static boolean takeOver(Handle handle, StagedPublication staged, Lease lease) {
    long generation = Replicas.find(handle, staged.replicaId()).orElseThrow().generation();
    if (generation != staged.generation()) {
      // Something else was published over it; what the ledger has staged can be used still.
      StagedPublications.remove(handle, staged.replicaId());
      return false;
    }
    StagedPublications.takeOver(handle, staged.replicaId(), lease);
    return true;
  }

  /**
   * Publishes the groups that wait for nobody any more, and splits those that have waited too long;
   * true when something has become visible.
   */
  public boolean publishDue() {
    Instant waitedSince = clock.instant().minus(hold);
    List<GroupAtDestination> due =
        jdbi.withHandle(handle -> DestinationGroups.due(handle, waitedSince));
    boolean moved = false;
    for (GroupAtDestination group : due) {
      moved |= !complete(group).isEmpty();
    }
    return moved;
  }

  private List<Replica> complete(GroupAtDestination group) {
    List<Replica> before = new ArrayList<>();
    List<Replica> moved = new ArrayList<>();
    listener.movingTogether();
    try {
      moved.addAll(jdbi.inTransaction(handle -> complete(handle, group, before)));
    } finally {
      listener.movedTogether(moved);
    }
    if (!moved.isEmpty()) {
      crashPoints.passed(CrashPoint.GROUP_PUBLISHED);
      LOG.info(
          "group published group={} destination={} replicas={}",
          group.groupId(),
          group.destination(),
          moved.stream().map(Replica::id).toList());
      before.forEach(replica -> versions.trim(replica.tableId(), replica.position()));
    }
    return moved;
  }

  /** Shows what is ready, in one transaction; nothing while somebody is waited for. */
  private List<Replica> complete(Handle handle, GroupAtDestination group, List<Replica> before) {
    Optional<DestinationGroups.Standing> standing = DestinationGroups.lock(handle, group);
    List<Member> ready = standing.isEmpty() ? List.of() : ready(handle, group);
    if (ready.isEmpty()) {
      return List.of();
    }
    List<DestinationGroups.Lacking> lacking = DestinationGroups.lacking(handle, group);
    if (isHeld(standing.get(), lacking)) {
      return List.of();
    }
    ready.forEach(member -> before.add(member.before()));
    if (!lacking.isEmpty()) {
      split(handle, group, before, lacking);
    }
    List<Replica> moved = ready.stream().map(member -> publish(handle, member)).toList();
    DestinationGroups.removeDone(handle, group);
    return moved;
  }

  private boolean isHeld(
      DestinationGroups.Standing standing, List<DestinationGroups.Lacking> lacking) {
    return lacking.stream().anyMatch(one -> !one.late())
        && !standing.split()
        && standing.since().plus(hold).isAfter(clock.instant());
  }

  /**
   * The members that nobody has claimed since they were staged, their leases and rows locked. Those
   * that were paused or archived since stay as they are, and so do those that keep something else
   * since.
   */
  private static List<Member> ready(Handle handle, GroupAtDestination group) {
    List<StagedPublication> held =
        StagedPublications.of(handle, group).stream()
            .filter(staged -> Leases.holds(handle, staged.lease()))
            .toList();
    List<Member> locked =
        held.stream()
            .map(staged -> new Member(staged, Replicas.lock(handle, staged.replicaId())))
            .filter(member -> member.before().generation() == member.staged().generation())
            .filter(member -> follows(member.before()))
            .toList();
    // Read again under the locks: a replica may have been settled anew before it was locked.
    Set<String> waiting = StagedPublications.replicaIds(handle, group);
    return locked.stream().filter(member -> waiting.contains(member.staged().replicaId())).toList();
  }

  private static boolean follows(Replica replica) {
    return !replica.paused()
        && (replica.lifecycle() == ReplicaLifecycle.ACTIVE
            || replica.lifecycle() == ReplicaLifecycle.SOURCE_DROPPED);
  }

  private void split(
      Handle handle,
      GroupAtDestination group,
      List<Replica> shown,
      List<DestinationGroups.Lacking> lacking) {
    DestinationGroups.split(handle, group, shown, lacking, clock.instant());
    LOG.warn(
        "group split group={} destination={} shown={} without={}: they were waited for in vain",
        group.groupId(),
        group.destination(),
        shown.stream().map(Replica::name).toList(),
        lacking.stream().map(DestinationGroups.Lacking::replicaId).toList());
  }

  private Replica publish(Handle handle, Member member) {
    StagedPublication staged = member.staged();
    TableVersion version =
        VersionLog.find(handle, staged.source(), staged.position()).orElseThrow();
    StagedPublications.remove(handle, staged.replicaId());
    return publisher.move(
        handle,
        new Publication(
            member.before(),
            staged.lease(),
            version,
            staged.metadataLocation(),
            staged.entries(),
            List.of(),
            staged.files(),
            staged.bytes(),
            OptionalLong.empty(),
            staged.refs(),
            staged.startedAt()));
  }
}
