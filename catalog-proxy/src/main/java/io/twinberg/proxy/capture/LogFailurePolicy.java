package io.twinberg.proxy.capture;

/** What happens to the mutating calls of one source while the log cannot take their intents. */
public interface LogFailurePolicy {
  /** What holds now; never asks the database, which is away when this matters. */
  OnLogFailure now();

  /** Follows what has become known meanwhile; to be called on a timer. */
  default void follow() {}

  /** One that never changes. */
  static LogFailurePolicy always(OnLogFailure onLogFailure) {
    return () -> onLogFailure;
  }
}
