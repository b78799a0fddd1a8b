package io.twinberg.testing;

import io.twinberg.database.Database;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionException;

/**
 * Loses a database's answer to the COMMIT that makes the intent of a request durable: it is there,
 * and whoever wrote it is told that it failed.
 */
public final class LostCommitAnswers extends DelegatingTransactionHandler {
  private final Set<String> requests = ConcurrentHashMap.newKeySet();

  private LostCommitAnswers() {
    super(new LocalTransactionHandler());
  }

  /** Puts itself between a database and all who write to it. */
  public static LostCommitAnswers of(Database database) {
    LostCommitAnswers between = new LostCommitAnswers();
    database.jdbi().setTransactionHandler(between);
    return between;
  }

  /** Loses the next such answer for a request. */
  public void lose(String requestId) {
    requests.add(requestId);
  }

  @Override
  public void commit(Handle handle) {
    // Before it is committed, nobody else's transaction sees the row.
    boolean lost = requests.removeIf(request -> isWritten(handle, request));
    super.commit(handle);
    if (lost) {
      throw new TransactionException("The answer to COMMIT was lost");
    }
  }

  private static boolean isWritten(Handle handle, String requestId) {
    return handle
        .createQuery("select count(*) > 0 from intent where request_id = ?")
        .bind(0, requestId)
        .mapTo(Boolean.class)
        .one();
  }
}
