package io.twinberg.database;

import org.jdbi.v3.core.ConnectionFactory;

/** Where the connections to a database come from. */
interface Connections extends ConnectionFactory, AutoCloseable {
  /** Closes the connections that nobody has at the moment, and lends none any more. */
  @Override
  void close();
}
