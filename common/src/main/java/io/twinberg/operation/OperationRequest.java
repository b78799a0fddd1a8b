package io.twinberg.operation;

/** What somebody asks for. */
public sealed interface OperationRequest {
  /** Which replicas it is about. */
  ReplicaTarget target();

  /** What it does. */
  OperationKind kind();

  /** Holds replicas against their source. */
  record Verify(ReplicaTarget target, RowScope rows) implements OperationRequest {
    @Override
    public OperationKind kind() {
      return OperationKind.VERIFY;
    }
  }

  /** Tries failed replicas again at once. */
  record Retry(ReplicaTarget target) implements OperationRequest {
    @Override
    public OperationKind kind() {
      return OperationKind.RETRY;
    }
  }

  /**
   * Pauses a source, a destination or a table's replicas; those that come later in it are paused
   * too.
   */
  record Pause(ReplicaTarget target) implements OperationRequest {
    @Override
    public OperationKind kind() {
      return OperationKind.PAUSE;
    }
  }

  /** Ends a pause of the same target; of everything, every pause. */
  record Resume(ReplicaTarget target) implements OperationRequest {
    @Override
    public OperationKind kind() {
      return OperationKind.RESUME;
    }
  }

  /** Looks at a source, or one table of it, now. */
  record Refresh(ReplicaTarget target) implements OperationRequest {
    @Override
    public OperationKind kind() {
      return OperationKind.REFRESH;
    }
  }

  /** Repairs replicas. */
  record Resync(ReplicaTarget target) implements OperationRequest {
    @Override
    public OperationKind kind() {
      return OperationKind.RESYNC;
    }
  }
}
