package io.twinberg.proxy.expiry;

import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.TableChecks;
import io.twinberg.log.TableLifecycle;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.Replicas;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.iceberg.catalog.TableIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which snapshots of a source's table a destination has not applied yet, from the database.
 *
 * <p>Only a proof counts. A replica has a snapshot when the version that it has applied lists it,
 * and its history is there so far; or when its own published metadata lists it. Whatever the log
 * does not know yet is not proven: commits under way, commits past the proxy, tables that nobody
 * has looked at. So the answer can only be wrong by holding too much, until the replica has come so
 * far.
 */
public final class UnappliedSnapshots {
  private static final Logger LOG = LoggerFactory.getLogger(UnappliedSnapshots.class);

  /** Today one source has one upstream reference, so that the source's name stands for both. */
  private static final String REFERENCE = "";

  private static final Set<ReplicaLifecycle> FOLLOW_NOTHING =
      Set.of(ReplicaLifecycle.ARCHIVED, ReplicaLifecycle.SOURCE_DROPPED);

  private final String source;
  private final SourceTables tables;
  private final TableChecks checks;
  private final VersionLog versions;
  private final Replicas replicas;
  private final Function<Replica, byte[]> published;

  /**
   * @param published reads the published metadata of a replica from its destination; may throw
   */
  public UnappliedSnapshots(
      String source,
      SourceTables tables,
      TableChecks checks,
      VersionLog versions,
      Replicas replicas,
      Function<Replica, byte[]> published) {
    this.source = source;
    this.tables = tables;
    this.checks = checks;
    this.versions = versions;
    this.replicas = replicas;
    this.published = published;
  }

  /** What each of the destinations lacks of the snapshots; those that lack none are left out. */
  List<Unapplied> of(TableIdentifier name, Set<Long> snapshots, List<String> destinations) {
    Optional<SourceTable> latest = tables.latest(source, REFERENCE, name);
    if (latest.isPresent() && latest.get().lifecycle() == TableLifecycle.DROPPED) {
      return List.of();
    }
    Optional<SourceTable> active =
        latest.filter(table -> table.lifecycle() == TableLifecycle.ACTIVE);
    List<Unapplied> unapplied = new ArrayList<>();
    for (String destination : destinations) {
      if (active.isEmpty()) {
        unapplied.add(new Unapplied(destination, snapshots, 0, "the log does not have the table"));
      } else {
        at(destination, active.get(), snapshots).ifPresent(unapplied::add);
      }
    }
    return unapplied;
  }

  private Optional<Unapplied> at(String destination, SourceTable table, Set<Long> snapshots) {
    Optional<Replica> replica =
        replicas.ofTable(table.id()).stream()
            .filter(one -> one.destination().equals(destination))
            .findFirst();
    if (replica.isEmpty()) {
      lookSoon(table);
      return Optional.of(new Unapplied(destination, snapshots, 0, "it has no replica of it yet"));
    }
    if (FOLLOW_NOTHING.contains(replica.get().lifecycle())) {
      return Optional.empty();
    }
    Set<Long> lacking = lacking(table, replica.get(), snapshots);
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Unapplied(destination, lacking, replica.get().position(), standing(replica.get())));
  }

  private Set<Long> lacking(SourceTable table, Replica replica, Set<Long> snapshots) {
    ListedSnapshots applied = listed(replica.position());
    Set<Long> unlisted = new HashSet<>(snapshots);
    unlisted.removeAll(applied.ids());
    long head = table.headPosition().orElse(0);
    if (!unlisted.isEmpty() && head > replica.position()) {
      // Waiting in the log for certain: no need to ask a destination that may be down.
      Set<Long> waiting = new HashSet<>(unlisted);
      waiting.retainAll(listed(head).ids());
      if (!waiting.isEmpty()) {
        return waiting;
      }
    }
    Set<Long> lacking = new HashSet<>(snapshots);
    lacking.removeIf(id -> isApplied(id, applied, replica));
    if (!lacking.isEmpty()) {
      lacking.removeAll(published(replica).ids());
    }
    if (!lacking.isEmpty()) {
      // Nothing shows them: they may have bypassed the proxy.
      lookSoon(table);
    }
    return lacking;
  }

  /** A replica that begins with the heads of refs applies a version before it has its history. */
  private static boolean isApplied(long id, ListedSnapshots applied, Replica replica) {
    Long number = applied.sequenceNumbers().get(id);
    return number != null
        && (replica.historyThrough().isEmpty() || number > replica.historyThrough().getAsLong());
  }

  /** Empty where the log does not keep the version's metadata, be it too large or recovered. */
  private ListedSnapshots listed(long position) {
    return versions
        .find(source, position)
        .flatMap(versions::metadata)
        .map(ListedSnapshots::in)
        .orElse(ListedSnapshots.NONE);
  }

  private ListedSnapshots published(Replica replica) {
    if (replica.metadataLocation().isEmpty()) {
      return ListedSnapshots.NONE;
    }
    try {
      return ListedSnapshots.in(published.apply(replica));
    } catch (RuntimeException e) {
      // Without proof it holds, which is what a destination in trouble is to do.
      LOG.warn(
          "metadata of replica {} at {} not read, it counts as lacking: {}",
          replica.id(),
          replica.destination(),
          e.toString());
      return ListedSnapshots.NONE;
    }
  }

  /** The reconciler's next turn asks the source, however seldom the table is looked at. */
  private void lookSoon(SourceTable table) {
    checks.demand(table.id());
  }

  private String standing(Replica replica) {
    long behind = versions.countAfter(replica.tableId(), replica.position());
    String since =
        versions.after(replica.tableId(), replica.position(), 1).stream()
            .findFirst()
            .map(oldest -> " since " + oldest.loggedAt())
            .orElse("");
    String paused = replica.paused() ? ", paused" : "";
    String failed = replica.failure().map(failure -> ", failed with " + failure.code()).orElse("");
    return "its replica is %d %s behind%s%s%s"
        .formatted(behind, behind == 1 ? "version" : "versions", since, paused, failed);
  }
}
