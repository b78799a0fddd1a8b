package io.twinberg.proxy.replica;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Where the replicas' pointers stand. A process that is alone with its database keeps them in
 * memory and is told when they move; with a shared database the row is read each time, since
 * another process may have moved it.
 */
public final class ReplicaPointers implements ReplicaListener {
  private static final int MAX_KEPT = 200_000;

  private record Key(String destination, TableIdentifier name) {}

  private final Replicas replicas;
  private final boolean shared;
  private final Cache<Key, Replica> kept = Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

  /**
   * @param shared whether other processes use the database too
   */
  public ReplicaPointers(Replicas replicas, boolean shared) {
    this.replicas = replicas;
    this.shared = shared;
  }

  /** The replica that has a name at a destination. */
  public Optional<Replica> find(String destination, TableIdentifier name) {
    if (shared) {
      return replicas.byName(destination, name);
    }
    // The cache computes each key alone: an invalidation waits for a read under way, and then takes
    // it away again.
    return Optional.ofNullable(
        kept.get(
            new Key(destination, name), key -> replicas.byName(destination, name).orElse(null)));
  }

  @Override
  public void published(Replica replica) {
    kept.invalidate(new Key(replica.destination(), replica.name()));
  }

  @Override
  public void namesChanged() {
    kept.invalidateAll();
  }
}
