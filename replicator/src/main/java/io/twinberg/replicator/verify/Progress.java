package io.twinberg.replicator.verify;

/** Is told how far a verification is, and says when it must end. */
public interface Progress {
  /** Nobody watches. */
  Progress NONE = step -> {};

  /**
   * A verification is at a step; called often.
   *
   * @throws RuntimeException to end it
   */
  void at(String step);
}
