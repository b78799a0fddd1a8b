package io.twinberg.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.twinberg.testing.Databases;
import io.twinberg.testing.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  @TempDir private Path folder;

  private static void register(Database database) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute("insert into source (name, last_position) values ('prod', 41)"));
  }

  private static long position(Database database) {
    return database
        .jdbi()
        .withHandle(
            handle -> handle.select("select last_position from source").mapTo(Long.class).one());
  }

  @Test
  void embedded_newFolder_isCreatedAndMigrated() {
    Path deep = folder.resolve("a/b c/ü");

    try (Database database = Database.embedded(deep)) {
      register(database);
      assertThat(database.shared()).isFalse();
    }

    assertThat(deep.resolve("twinberg.mv.db")).isRegularFile();
  }

  @Test
  void embedded_open_writesWithoutDelay() {
    try (Database database = Database.embedded(folder)) {
      assertThat(writeDelay(database)).isEqualTo("0");
    }
  }

  @Test
  void assertion_otherWriteDelay_refusesTheDatabase() {
    try (Database database = Database.embedded(folder)) {
      // A connection that the pool opens in between sets it to 0 again.
      await()
          .untilAsserted(
              () -> {
                database.jdbi().useHandle(handle -> handle.execute("set write_delay 500"));
                assertThatExceptionOfType(DatabaseException.class)
                    .isThrownBy(database::assertWriteDelayIsZero)
                    .withMessageContaining("WRITE_DELAY=500");
              });
    }
  }

  private static String writeDelay(Database database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .select(
                        "select setting_value from information_schema.settings where setting_name = 'WRITE_DELAY'")
                    .mapTo(String.class)
                    .one());
  }

  @Test
  void embedded_reopened_hasEverything() {
    try (Database database = Database.embedded(folder)) {
      register(database);
      database.sync();
    }

    try (Database database = Database.embedded(folder)) {
      assertThat(position(database)).isEqualTo(41);
    }
  }

  /** Each of them is written twice for every commit. */
  @Test
  void embedded_intents_haveNoIndexThatNobodyAsksFor() {
    try (Database database = Database.embedded(folder)) {
      assertThat(indexed(database, "intent"))
          .containsExactlyInAnyOrder("id", "source,state,next_check_at");
      assertThat(indexed(database, "intent_table")).containsExactly("intent_id,ordinal");
    }
  }

  private static List<String> indexed(Database database, String table) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select listagg(column_name, ',') within group (order by ordinal_position)
                        from information_schema.index_columns where table_name = ? group by index_name
                        """)
                    .bind(0, table)
                    .mapTo(String.class)
                    .list());
  }

  @Test
  void postgres_reopened_hasEverything() {
    String url = PostgresServer.running().createDatabase();
    try (Database database = Databases.postgres(url)) {
      register(database);
      database.sync();
    }

    try (Database database = Databases.postgres(url)) {
      assertThat(position(database)).isEqualTo(41);
      assertThat(database.shared()).isTrue();
      assertThat(database.url()).isEqualTo(url);
    }
  }

  @Test
  void postgres_bareDatabase_isMigrated() {
    try (Database database = Databases.postgres(PostgresServer.running().createBareDatabase())) {
      register(database);
      assertThat(position(database)).isEqualTo(41);
    }
  }

  /** As behind a firewall, or with a server that hangs. */
  @Test
  void postgres_thatNeverAnswers_isGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/x";

      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() -> Database.postgres(url, "u", "p"))
          .withMessageStartingWith("cannot open the database " + url + ": ");
    }
  }

  @Test
  void postgres_unreachable_namesTheDatabaseWithoutItsParameters() {
    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(
            () -> Database.postgres("jdbc:postgresql://127.0.0.1:1/x?password=hidden", "u", "p"))
        .withMessageStartingWith("cannot open the database jdbc:postgresql://127.0.0.1:1/x: ")
        .withMessageNotContaining("hidden");
  }

  @Test
  void embedded_fileOpenInAnotherProcess_saysSo() throws Exception {
    try (OtherProcess holder = OtherProcess.holding(folder)) {
      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() -> Database.embedded(folder))
          .withMessage(
              "the database file "
                  + folder.toAbsolutePath().resolve("twinberg.mv.db")
                  + " is in use by another process; stop it or choose another data-dir");
      assertThat(holder.isAlive()).isTrue();
    }
  }

  @Test
  void embedded_processKilledAfterACommit_hasTheRow() throws Exception {
    try (OtherProcess holder = OtherProcess.holding(folder)) {
      assertThat(holder.isAlive()).isTrue();
    }

    try (Database database = Database.embedded(folder)) {
      assertThat(position(database)).isEqualTo(7);
    }
  }

  @Test
  void embedded_folderThatIsAFile_isRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("data"), "x");

    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> Database.embedded(file))
        .withMessageStartingWith("data-dir " + file + " is not writable");
    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> Database.embedded(file.resolve("below")))
        .withMessageStartingWith("data-dir " + file.resolve("below") + " is not writable");
  }

  @Test
  void embedded_folderWithoutPermission_isRefusedByName() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(closed), "root may write to every folder");

    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> Database.embedded(closed))
        .withMessage("data-dir " + closed + " is not writable");
  }

  @Test
  void bind_instantInTheHourThatComesTwice_isKept() {
    Instant second = Instant.parse("2025-10-26T01:30:00.123456Z");
    try (Database database = Database.embedded(folder)) {
      Instant read =
          database
              .jdbi()
              .withHandle(
                  handle -> {
                    handle.execute("set time zone 'Europe/Berlin'");
                    handle.execute("insert into process values ('p', ?, ?)", second, second);
                    return handle
                        .select("select started_at from process")
                        .mapTo(Instant.class)
                        .one();
                  });

      assertThat(read).isEqualTo(second);
    }
  }
}
