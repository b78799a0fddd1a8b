package io.twinberg.replica;

/**
 * Is told of changes that this process made to replicas, after their commit, so that it can let go
 * of what it keeps.
 */
public interface ReplicaListener {
  /** Nobody listens. */
  ReplicaListener NONE =
      new ReplicaListener() {
        @Override
        public void published(Replica replica) {}

        @Override
        public void namesChanged() {}
      };

  /** A replica's pointer has moved. */
  void published(Replica replica);

  /** Replicas were renamed or archived. */
  void namesChanged();
}
