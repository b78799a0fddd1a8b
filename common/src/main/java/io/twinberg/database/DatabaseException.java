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

  /** What is behind an exception: the innermost cause. */
  static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  /** What the innermost cause says. */
  static String reason(Throwable e) {
    return String.valueOf(root(e).getMessage());
  }
}
