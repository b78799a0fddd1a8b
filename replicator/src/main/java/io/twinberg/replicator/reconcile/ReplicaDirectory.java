package io.twinberg.replicator.reconcile;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.SourceTable;
import io.twinberg.replica.NewReplica;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.replica.TargetTakenException;
import io.twinberg.replicator.mapping.ReplicaFolder;
import io.twinberg.wake.Wake;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.TableIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the replicas of source tables as the rules want them. */
public final class ReplicaDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaDirectory.class);

  private final Replicas replicas;
  private final Targets targets;
  private final Supplier<String> ids;
  private final ReplicaListener listener;
  private final Wake laneWake;
  private final CrashPoints crashPoints;

  /**
   * @param ids makes ids for new replicas: letters and digits, at least one digit
   */
  public ReplicaDirectory(
      Replicas replicas,
      Targets targets,
      Supplier<String> ids,
      ReplicaListener listener,
      Wake laneWake,
      CrashPoints crashPoints) {
    this.replicas = replicas;
    this.targets = targets;
    this.ids = ids;
    this.listener = listener;
    this.laneWake = laneWake;
    this.crashPoints = crashPoints;
  }

  /** Whether any rule wants a replica of a table. */
  public boolean wanted(String source, TableIdentifier name) {
    return !targets.of(source, name).isEmpty();
  }

  /**
   * Brings the replicas of a table that the source has to where the rules want them: missing ones
   * are created, others follow the table's name, and those that no rule wants stop where they are.
   */
  Following ensure(SourceTable table) {
    List<Target> wanted = targets.of(table.source(), table.name());
    Map<String, Replica> present = new HashMap<>();
    replicas.ofTable(table.id()).forEach(replica -> present.put(replica.destination(), replica));
    Set<Long> positions = new HashSet<>();
    boolean began = false;
    for (Target target : wanted) {
      Replica replica = present.remove(target.destination());
      if (replica != null) {
        settle(replica, target);
      }
      if (replica == null) {
        began |= claim(table, target, () -> create(table, target));
      } else if (!follows(replica, target)) {
        // Renamed, back after a drop, or a crash or a taken target came between.
        began |= claim(table, target, () -> follow(replica, target));
      } else {
        positions.add(replica.position());
      }
    }
    present.values().forEach(replica -> leave(replica, table));
    if (began) {
      laneWake.signal();
    }
    return new Following(began, positions);
  }

  private static boolean follows(Replica replica, Target target) {
    return replica.lifecycle() == ReplicaLifecycle.ACTIVE && replica.name().equals(target.name());
  }

  /** The rule may have changed since the last look, or be another one. */
  private void settle(Replica replica, Target target) {
    if (!replica.settings().equals(target.settings())) {
      replicas.settle(replica, target.settings());
      // Snapshots may be due to expire now, and what was given up is tried again.
      laneWake.signal();
      LOG.info(
          "replica settled replica={} table={} destination={} settings={}",
          replica.id(),
          replica.name(),
          replica.destination(),
          target.settings());
    }
  }

  /** No rule covers the table at the replica's destination any more. */
  private void leave(Replica replica, SourceTable table) {
    if (replica.lifecycle() == ReplicaLifecycle.ACTIVE) {
      replicas.unmatched(replica.id());
      LOG.warn(
          "replica unmatched, no rule covers its table any more source={} table={} destination={} replica={}",
          table.source(),
          table.name(),
          replica.destination(),
          replica.id());
    }
  }

  /**
   * Takes a target for a table. A replica that follows nothing makes way, under a name of its own;
   * any other keeps the target.
   */
  private boolean claim(SourceTable table, Target target, Runnable taking) {
    replicas
        .byName(target.destination(), target.name())
        .filter(owner -> makesWay(owner, table))
        .ifPresent(this::archive);
    try {
      taking.run();
      return true;
    } catch (TargetTakenException e) {
      LOG.error(
          "replica refused source={} table={}: {}", table.source(), table.name(), e.getMessage());
      return false;
    }
  }

  private static boolean makesWay(Replica owner, SourceTable table) {
    boolean followsNothing =
        owner.lifecycle() == ReplicaLifecycle.SOURCE_DROPPED
            || owner.lifecycle() == ReplicaLifecycle.UNMATCHED;
    return followsNothing && owner.source().equals(table.source()) && owner.tableId() != table.id();
  }

  private void archive(Replica replica) {
    replicas.archive(replica.id());
    listener.namesChanged();
    LOG.warn("replica archived source={} table={}", replica.source(), replica.name());
    // Crash after this: whoever is to have the name takes it at the next look.
    crashPoints.passed(CrashPoint.REPLICA_ARCHIVED);
  }

  private void follow(Replica replica, Target target) {
    replicas.renamed(replica.id(), target.name());
    listener.namesChanged();
    LOG.info(
        "replica follows replica={} lifecycle={} from={} to={}",
        replica.id(),
        replica.lifecycle(),
        replica.name(),
        target.name());
    crashPoints.passed(CrashPoint.REPLICA_FOLLOWS);
  }

  private void create(SourceTable table, Target target) {
    String id = ids.get();
    String folder =
        ReplicaFolder.folderOf(target.root(), target.name().namespace(), target.name().name(), id);
    Replica replica =
        replicas.create(
            new NewReplica(
                id,
                table.kind(),
                table.id(),
                table.source(),
                target.destination(),
                target.name(),
                folder,
                ReplicaFolder.initialMapping(table.location(), folder),
                target.headsFirst(),
                target.settings()));
    LOG.info(
        "replica created source={} table={} destination={} replica={} folder={}",
        table.source(),
        table.name(),
        target.destination(),
        replica.id(),
        folder);
    crashPoints.passed(CrashPoint.REPLICA_CREATED);
  }

  /**
   * Another table, or another history, has taken the table's name; its replicas step aside,
   * readable under names of their own.
   */
  void superseded(SourceTable table) {
    replicas.archive(table.id());
    listener.namesChanged();
    LOG.warn(
        "replicas archived source={} table={} uuid={}", table.source(), table.name(), table.uuid());
  }

  /** The source dropped the table; its replicas stay where they are. */
  void dropped(SourceTable table) {
    replicas.sourceDropped(table.id());
    LOG.info("source dropped table source={} table={}", table.source(), table.name());
  }

  /**
   * The source has the table under another name, or again: {@link #ensure} lets the names of its
   * replicas follow; their files stay.
   */
  void moved(SourceTable table, TableIdentifier name) {
    LOG.info(
        "table moved source={} from={} to={} uuid={}",
        table.source(),
        table.name(),
        name,
        table.uuid());
  }
}
