package io.twinberg.operation;

import io.twinberg.rule.RuleEdit;
import io.twinberg.rule.RuleScope;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/** What somebody asks for. */
public sealed interface OperationRequest {
  /** Which replicas it is about. */
  ReplicaTarget target();

  /** What it does. */
  OperationKind kind();

  /** What it is about, in words. */
  default String about() {
    return target().toString();
  }

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

  /**
   * Counts what the replicas of some tables would copy.
   *
   * @param scope the tables
   * @param destination the only one to count for; empty: all that the rules name
   * @param rule a rule for just this scope as it might be put; empty: the rules as they are
   */
  record Plan(RuleScope scope, Optional<String> destination, Optional<RuleEdit.Body> rule)
      implements OperationRequest {
    @Override
    public ReplicaTarget target() {
      return new ReplicaTarget(
          Optional.of(scope.source()),
          destination,
          scope.table().map(name -> TableIdentifier.of(scope.namespace().orElseThrow(), name)));
    }

    @Override
    public OperationKind kind() {
      return OperationKind.PLAN;
    }

    @Override
    public String about() {
      return scope + destination.map(name -> ", destination " + name).orElse("");
    }
  }

  /**
   * Drops one replica, and removes its files.
   *
   * @param generation the one that it had when somebody confirmed it
   */
  record Drop(ReplicaTarget target, String replicaId, long generation) implements OperationRequest {
    @Override
    public OperationKind kind() {
      return OperationKind.DROP;
    }
  }
}
