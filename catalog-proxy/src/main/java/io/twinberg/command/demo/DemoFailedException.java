package io.twinberg.command.demo;

/** Something that the demonstration shows does not hold. */
public final class DemoFailedException extends RuntimeException {
  /** What does not hold. */
  public DemoFailedException(String message) {
    super(message);
  }
}
