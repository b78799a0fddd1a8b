package io.twinberg.replicator.operation;

import java.time.Duration;

/** An operation can only go on after a while; the message says what it waits for. */
final class PutOffException extends RuntimeException {
  private final Duration wait;

  PutOffException(Duration wait, String message) {
    super(message);
    this.wait = wait;
  }

  Duration duration() {
    return wait;
  }
}
