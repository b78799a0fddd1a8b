package io.twinberg.operation;

import java.util.Map;
import java.util.Optional;

/**
 * What came of an operation.
 *
 * @param summary in words
 * @param result as JSON
 * @param violations how many were found at each destination that has any
 */
public record Outcome(
    OperationState state, String summary, Optional<String> result, Map<String, Long> violations) {
  /** Refuses what is no end, and copies the map. */
  public Outcome {
    violations = Map.copyOf(violations);
    if (!state.finished()) {
      throw new IllegalArgumentException("an outcome is an end, not " + state);
    }
  }

  /** It was done. */
  public static Outcome completed(String summary, String result) {
    return verified(summary, result, Map.of());
  }

  /** Replicas were verified. */
  public static Outcome verified(String summary, String result, Map<String, Long> violations) {
    return new Outcome(OperationState.COMPLETED, summary, Optional.of(result), violations);
  }

  /** Somebody called it off. */
  public static Outcome cancelled(String by) {
    return new Outcome(OperationState.CANCELLED, "cancelled by " + by, Optional.empty(), Map.of());
  }

  /** It could not be done. */
  public static Outcome failed(String summary) {
    return new Outcome(OperationState.FAILED, summary, Optional.empty(), Map.of());
  }
}
