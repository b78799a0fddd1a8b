package io.twinberg.command;

/** The command cannot do what it was asked for; the message says why and what to do. */
final class UsageException extends RuntimeException {
  UsageException(String message) {
    super(message);
  }
}
