package io.twinberg.database;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;

/** Tells a database that does not answer from one that refuses a statement. */
public final class DatabaseAway {
  private static final String CONNECTION = "08";
  private static final String SHUTTING_DOWN_OR_STARTING = "57P";

  /** The server has ended a transaction that stood still, and its connection. */
  private static final String RESTED_TOO_LONG = "25P03";

  private static final String TOO_MANY_CONNECTIONS = "53300";

  /** Closed, opened by somebody else, the connection broken, the file closed, shutting down. */
  private static final Set<String> OF_H2 = Set.of("90007", "90020", "90067", "90098", "90121");

  private DatabaseAway() {}

  /** Whether a failure comes of the connection to the database, or of its having none. */
  public static boolean causes(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectionException
          || (cause instanceof SQLException sql && isOfTheConnection(sql))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfTheConnection(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return failure instanceof SQLTransientConnectionException
        || failure instanceof SQLNonTransientConnectionException
        || failure instanceof SQLRecoverableException
        || state.startsWith(CONNECTION)
        || state.startsWith(SHUTTING_DOWN_OR_STARTING)
        || state.equals(RESTED_TOO_LONG)
        || state.equals(TOO_MANY_CONNECTIONS)
        || OF_H2.contains(state);
  }
}
