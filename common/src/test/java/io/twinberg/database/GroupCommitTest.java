package io.twinberg.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.twinberg.testing.Databases;
import io.twinberg.testing.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
  private static final int OTHERS = 10;

  @TempDir private Path folder;

  private final Set<Handle> transactions =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
  private final ExecutorService threads = Executors.newFixedThreadPool(OTHERS + 1);
  private Database database;
  private GroupCommit group;

  @BeforeEach
  void open() {
    database = Database.embedded(folder);
    database
        .jdbi()
        .useHandle(handle -> handle.execute("create table written (id int primary key)"));
    group = new GroupCommit(database.jdbi());
  }

  @AfterEach
  void close() {
    threads.shutdown();
    group.close();
    database.close();
  }

  private int write(Handle handle, int id) {
    transactions.add(handle);
    handle.execute("insert into written values (?)", id);
    return id;
  }

  private List<Integer> written() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("select id from written order by id")
                    .mapTo(Integer.class)
                    .list());
  }

  /** Lets the others come while a first transaction is under way. */
  private List<Future<Integer>> whileOneIsWritten(int... ids) {
    CountDownLatch allThere = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    List<Future<Integer>> ends = new ArrayList<>();
    ends.add(
        threads.submit(
            () ->
                group.inTransaction(
                    handle -> {
                      begun.countDown();
                      await().until(() -> allThere.getCount() == 0);
                      return write(handle, 0);
                    })));
    await().until(() -> begun.getCount() == 0);
    for (int id : ids) {
      ends.add(threads.submit(() -> group.inTransaction(handle -> write(handle, id))));
    }
    await().until(() -> group.waiting() == ids.length);
    allThere.countDown();
    return ends;
  }

  @Test
  void inTransaction_manyWhileOneIsWritten_areWrittenTogether() throws Exception {
    List<Future<Integer>> ends = whileOneIsWritten(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    for (int i = 0; i <= OTHERS; i++) {
      assertThat(ends.get(i).get()).isEqualTo(i);
    }
    assertThat(transactions).hasSize(2);
    assertThat(written()).hasSize(OTHERS + 1);
  }

  @Test
  void inTransaction_oneOfAGroupFails_theOthersAreWrittenAndItFailsAlone() throws Exception {
    List<Future<Integer>> ends = whileOneIsWritten(1, 2, 2, 3);
    List<Throwable> failures = new ArrayList<>();
    for (Future<Integer> end : ends) {
      try {
        end.get();
      } catch (ExecutionException e) {
        failures.add(e.getCause());
      }
    }
    assertThat(failures)
        .singleElement()
        .isInstanceOf(JdbiException.class)
        .asString()
        .containsIgnoringCase("primary key");
    assertThat(written()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void inTransaction_statementsThatFailAlone_throwTheirOwnFailureAndWriteNothing() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                group.inTransaction(
                    handle -> {
                      write(handle, 1);
                      throw new IllegalStateException("not in that state");
                    }))
        .withMessage("not in that state");
    assertThat(written()).isEmpty();
  }

  @Test
  void inTransaction_ofAClosedDatabase_saysSo() {
    group.close();
    database.close();
    assertThatExceptionOfType(JdbiException.class)
        .isThrownBy(() -> group.inTransaction(handle -> write(handle, 1)))
        .withMessageContaining("closed");
  }

  /**
   * It may be durable all the same: whoever wrote again would write twice. What fails with the end
   * of a transaction, and only there, is a deferred constraint.
   */
  @Test
  void inTransaction_whoseEndFails_isToldToAllAndNotWrittenAgain() throws Exception {
    try (Database postgres = Databases.postgres(PostgresServer.running().createDatabase())) {
      postgres
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      "create table written (id int primary key references source_table (id)"
                          + " deferrable initially deferred)"));
      group = new GroupCommit(postgres.jdbi());
      List<Future<Integer>> ends = whileOneIsWritten(1, 2, 3);
      for (Future<Integer> end : ends) {
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(end::get)
            .withCauseInstanceOf(TransactionException.class);
      }
    }
    assertThat(transactions).hasSize(2);
  }
}
