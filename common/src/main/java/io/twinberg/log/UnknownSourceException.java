package io.twinberg.log;

import org.jdbi.v3.core.JdbiException;

/**
 * The database knows nothing of a source, whose row is written before its first call: it has been
 * exchanged under this process, and is of no more use to it than one that does not answer.
 */
final class UnknownSourceException extends JdbiException {
  private static final long serialVersionUID = 1L;

  UnknownSourceException(String source) {
    super("the database knows no source " + source);
  }
}
