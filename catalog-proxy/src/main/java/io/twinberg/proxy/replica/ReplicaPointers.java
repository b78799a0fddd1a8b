package io.twinberg.proxy.replica;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Where the replicas' pointers stand. A process that is alone with its database keeps them in
 * memory and is told when they move; with a shared database the row is read each time, since
 * another process may have moved it.
 */
public final class ReplicaPointers implements ReplicaListener {
  private static final int MAX_KEPT = 200_000;

  private record Key(String destination, TableIdentifier name) {}

  /** What was read, and since which change of names it holds. */
  private record Kept(long epoch, Replica replica) {}

  private final Replicas replicas;
  private final boolean shared;
  private final Cache<Key, Kept> kept = Caffeine.newBuilder().maximumSize(MAX_KEPT).build();
  private final AtomicLong epoch = new AtomicLong();

  /** How many groups of replicas are being moved now. */
  private final AtomicInteger moving = new AtomicInteger();

  /**
   * @param shared whether other processes use the database too
   */
  public ReplicaPointers(Replicas replicas, boolean shared) {
    this.replicas = replicas;
    this.shared = shared;
  }

  /** The replica that has a name at a destination. */
  public Optional<Replica> find(String destination, TableIdentifier name) {
    if (shared || moving.get() > 0) {
      return replicas.byName(destination, name);
    }
    Key key = new Key(destination, name);
    Kept found = kept.getIfPresent(key);
    if (found == null || found.epoch() != epoch.get()) {
      kept.invalidate(key);
      // The cache computes each key alone: an invalidation waits for a read under way, and then
      // takes it away again.
      found = kept.get(key, this::read);
    }
    return Optional.ofNullable(found).map(Kept::replica);
  }

  private @Nullable Kept read(Key key) {
    long before = epoch.get();
    return replicas
        .byName(key.destination(), key.name())
        .map(replica -> new Kept(before, replica))
        .orElse(null);
  }

  @Override
  public void published(Replica replica) {
    kept.invalidate(new Key(replica.destination(), replica.name()));
  }

  /**
   * While members of a group move, all pointers are read from their rows: between the commit and
   * our letting go of the members one by one, a reader would get one that was never kept from its
   * row, moved, and then another from here, as it was before.
   */
  @Override
  public void movingTogether() {
    moving.incrementAndGet();
  }

  @Override
  public void movedTogether(List<Replica> moved) {
    moved.forEach(this::published);
    moving.decrementAndGet();
  }

  /** Names are read anew from now on, also by a reader that is under way and saw the old ones. */
  @Override
  public void namesChanged() {
    epoch.incrementAndGet();
  }
}
