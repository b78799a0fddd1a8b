package io.twinberg.replica;

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

  /** Replicas were renamed or archived. */
  default void namesChanged() {}
}
