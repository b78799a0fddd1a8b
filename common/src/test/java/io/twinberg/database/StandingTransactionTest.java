package io.twinberg.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.twinberg.testing.Databases;
import io.twinberg.testing.PostgresServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process that stands still amid a transaction, as SIGSTOP or a frozen machine leaves it. */
class StandingTransactionTest {
  private static final Duration REST = Duration.ofSeconds(1);

  private final String url = PostgresServer.running().createDatabase();
  private final Database standing = open(url, REST);
  private final Database other = open(url, REST);
  private final CountDownLatch resumed = new CountDownLatch(1);

  private static Database open(String url, Duration rest) {
    return Database.postgres(url, PostgresServer.USER, "", rest);
  }

  @BeforeEach
  void addSource() {
    other.jdbi().useHandle(handle -> handle.execute("insert into source values ('prod', 41)"));
  }

  @AfterEach
  void close() {
    standing.close();
    other.close();
  }

  @Test
  void lockOfAStandingTransaction_isFreedForOthers_andItsStatementsNeverHappened() {
    CompletableFuture<Throwable> end = standStill();

    moveInTheEnd(other, 43);
    resumed.countDown();

    assertThat(end.join()).satisfies(failure -> assertThat(DatabaseAway.causes(failure)).isTrue());
    assertThat(position(other)).isEqualTo(43);
  }

  @Test
  void processThatGoesOn_getsConnectionsThatWork() {
    CompletableFuture<Throwable> end = standStill();
    moveInTheEnd(other, 43);
    resumed.countDown();
    end.join();

    moveInTheEnd(standing, 44);

    assertThat(position(standing)).isEqualTo(44);
  }

  /** Flyway's lock is a transaction that rests while the migrations run in another one. */
  @Test
  void migration_longerThanTransactionsMayRest_isNotCutOff() {
    String bare = PostgresServer.running().createBareDatabase();

    try (Database migrated = open(bare, Duration.ofMillis(1))) {
      long sources = migrated.jdbi().withHandle(StandingTransactionTest::sources);

      assertThat(sources).isZero();
    }
  }

  @Test
  void server_tellsHowLongTransactionsMayRest() {
    try (Database database = Databases.postgres(url)) {
      String rest =
          database
              .jdbi()
              .withHandle(
                  handle ->
                      handle
                          .createQuery("show idle_in_transaction_session_timeout")
                          .mapTo(String.class)
                          .one());

      assertThat(rest).isEqualTo("15s");
    }
  }

  /** Moves the source to 42 in a transaction which then waits to be resumed, and says its end. */
  private CompletableFuture<Throwable> standStill() {
    CountDownLatch locked = new CountDownLatch(1);
    CompletableFuture<Throwable> end =
        CompletableFuture.supplyAsync(
            () ->
                catchThrowable(
                    () ->
                        standing
                            .jdbi()
                            .useTransaction(
                                handle -> {
                                  handle.execute("update source set last_position = 42");
                                  locked.countDown();
                                  resumed.await();
                                  sources(handle);
                                })));
    await().until(() -> locked.getCount() == 0);
    return end;
  }

  /** A slow machine may stand still for a second, too. */
  private static void moveInTheEnd(Database database, long position) {
    await().ignoreExceptions().untilAsserted(() -> move(database, position));
  }

  private static void move(Database database, long position) {
    database.inPromptTransaction(
        handle -> handle.execute("update source set last_position = ?", position));
  }

  private static long position(Database database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle.createQuery("select last_position from source").mapTo(Long.class).one());
  }

  private static long sources(Handle handle) {
    return handle.createQuery("select count(*) from source").mapTo(Long.class).one();
  }
}
