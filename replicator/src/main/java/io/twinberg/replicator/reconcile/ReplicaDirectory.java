package io.twinberg.replicator.reconcile;

import io.twinberg.log.SourceTable;
import io.twinberg.replica.NewReplica;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.replica.TargetTakenException;
import io.twinberg.replicator.mapping.ReplicaFolder;
import java.util.List;
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

  /**
   * @param ids makes ids for new replicas: letters and digits, at least one digit
   */
  public ReplicaDirectory(
      Replicas replicas, Targets targets, Supplier<String> ids, ReplicaListener listener) {
    this.replicas = replicas;
    this.targets = targets;
    this.ids = ids;
    this.listener = listener;
  }

  /** Whether any rule wants a replica of a table. */
  public boolean wanted(String source, TableIdentifier name) {
    return !targets.of(source, name).isEmpty();
  }

  /** Creates the replicas of a table that the rules want and that are not there yet. */
  public void ensure(SourceTable table) {
    List<Target> wanted = targets.of(table.source(), table.name());
    if (wanted.isEmpty()) {
      return;
    }
    List<String> present = replicas.ofTable(table.id()).stream().map(Replica::destination).toList();
    wanted.stream()
        .filter(target -> !present.contains(target.destination()))
        .forEach(target -> create(table, target));
  }

  private void create(SourceTable table, Target target) {
    String id = ids.get();
    String folder =
        ReplicaFolder.folderOf(target.root(), target.name().namespace(), target.name().name(), id);
    try {
      Replica replica =
          replicas.create(
              new NewReplica(
                  id,
                  table.id(),
                  table.source(),
                  target.destination(),
                  target.name(),
                  folder,
                  ReplicaFolder.initialMapping(table.location(), folder)));
      LOG.info(
          "replica created source={} table={} destination={} replica={} folder={}",
          table.source(),
          table.name(),
          target.destination(),
          replica.id(),
          folder);
    } catch (TargetTakenException e) {
      LOG.error(
          "replica refused source={} table={}: {}", table.source(), table.name(), e.getMessage());
    }
  }

  /**
   * Another history has taken the table's name; its replicas step aside, readable under names of
   * their own.
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

  /** The table's name moved; each replica's name follows, its files stay. */
  void renamed(SourceTable table, TableIdentifier name) {
    List<Target> wanted = targets.of(table.source(), name);
    for (Replica replica : replicas.ofTable(table.id())) {
      if (replica.lifecycle() == ReplicaLifecycle.ACTIVE) {
        wanted.stream()
            .filter(target -> target.destination().equals(replica.destination()))
            .forEach(target -> replicas.renamed(replica.id(), target.name()));
      }
    }
    listener.namesChanged();
  }
}
