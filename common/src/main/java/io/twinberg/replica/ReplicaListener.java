package io.twinberg.replica;

/**
 * Is told of changes that this process made to replicas, after their commit, so that it can let go
 * of what it keeps.
 */
@FunctionalInterface
public interface ReplicaListener {
  /** Nobody listens. */
  ReplicaListener NONE = replica -> {};

  /** A replica's pointer has moved. */
  void published(Replica replica);

  /** Replicas were renamed or archived. */
  default void namesChanged() {}
}
