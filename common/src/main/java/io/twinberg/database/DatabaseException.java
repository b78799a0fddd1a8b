package io.twinberg.database;

/** The database cannot be used; the message says why and what to do. */
public final class DatabaseException extends RuntimeException {
  /** The problem in words for an operator. */
  public DatabaseException(String message) {
    super(message);
  }

  /** The problem in words for an operator, with what caused it. */
  public DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
