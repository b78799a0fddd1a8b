package io.twinberg.fault;

/**
 * Named steps at which a test may simulate a crash; in production each is a call that does nothing.
 */
@FunctionalInterface
public interface CrashPoints {
  /** Points that never crash. */
  CrashPoints NONE = step -> {};

  /** Marks that {@code step} has just been completed. */
  void passed(CrashPoint step);
}
