package io.twinberg.command;

import io.twinberg.config.ConfigException;
import io.twinberg.database.DatabaseException;
import io.twinberg.proxy.http.ListenerException;
import io.twinberg.replicator.pointer.UnreadablePointerException;
import io.twinberg.storage.StoreException;

/** Which exceptions carry a message for an operator. */
final class Problems {
  private Problems() {}

  static boolean isForOperator(Exception problem) {
    return problem instanceof ConfigException
        || problem instanceof DatabaseException
        || problem instanceof ListenerException
        || problem instanceof StoreException
        || problem instanceof UnreadablePointerException
        || problem instanceof UsageException;
  }
}
