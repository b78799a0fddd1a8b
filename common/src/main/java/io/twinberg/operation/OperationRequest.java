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
}
