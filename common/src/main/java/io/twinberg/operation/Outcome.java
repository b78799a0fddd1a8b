package io.twinberg.operation;

import java.util.Optional;

/**
 * What came of an operation.
 *
 * @param summary in words
 * @param result as JSON
 */
public record Outcome(OperationState state, String summary, Optional<String> result) {
  /** Refuses what is no end. */
  public Outcome {
    if (!state.finished()) {
      throw new IllegalArgumentException("an outcome is an end, not " + state);
    }
  }

  /** It was done. */
  public static Outcome completed(String summary, String result) {
    return new Outcome(OperationState.COMPLETED, summary, Optional.of(result));
  }

  /** Somebody called it off. */
  public static Outcome cancelled(String by) {
    return new Outcome(OperationState.CANCELLED, "cancelled by " + by, Optional.empty());
  }

  /** It could not be done. */
  public static Outcome failed(String summary) {
    return new Outcome(OperationState.FAILED, summary, Optional.empty());
  }
}
