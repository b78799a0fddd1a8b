package io.twinberg.replica;

import java.util.List;

/**
 * Is told of changes that this process made to replicas, after their commit, so that it can let go
 * of what it keeps.
 */
@FunctionalInterface
public interface ReplicaListener {
  /** Nobody listens. */
  ReplicaListener NONE = replica -> {};

  /**
   * A replica's next metadata file is at the destination, with these bytes; the pointer follows. A
   * listener that keeps them saves readers the wait for reading them back.
   */
  default void written(Replica replica, String metadataLocation, byte[] metadata) {}

  /** A replica's pointer has moved. */
  void published(Replica replica);

  /**
   * The pointers of several replicas are about to move in one transaction. From now on until {@link
   * #movedTogether} nothing that was read of any of them before may be shown.
   */
  default void movingTogether() {}

  /**
   * They have moved; none has when the list is empty. Whoever sees one of them moved must see all
   * of them moved.
   */
  default void movedTogether(List<Replica> moved) {
    moved.forEach(this::published);
  }

  /** Replicas were renamed or archived. */
  default void namesChanged() {}
}
