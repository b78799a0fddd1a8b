package io.twinberg.rule;

/** A rule would give one place at a destination to two tables. */
public final class TargetCollisionException extends RuntimeException {
  /** Names both and the way out. */
  TargetCollisionException(String message) {
    super(message);
  }
}
