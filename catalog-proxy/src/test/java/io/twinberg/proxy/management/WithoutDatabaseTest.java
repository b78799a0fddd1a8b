package io.twinberg.proxy.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import io.twinberg.audit.AuditFilter;
import io.twinberg.audit.AuditLog;
import io.twinberg.database.Database;
import io.twinberg.proxy.testing.DescribedAnswers;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.testing.Databases;
import io.twinberg.testing.PostgresServer;
import io.twinberg.testing.SteppedClock;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The management API over a database that has gone away. */
class WithoutDatabaseTest {
  private static final DescribedAnswers DESCRIBED = new DescribedAnswers();
  private static final String PROD = "/management/v1/sources/prod";

  /** One of each kind that reads the database. */
  private static final List<String> QUESTIONS =
      List.of(
          "/management/v1/status",
          PROD + "/namespaces/sales/tables/orders/status",
          "/management/v1/sources",
          "/management/v1/destinations",
          "/management/v1/operations",
          "/management/v1/operations/0b6c6c1e-8a55-4f9e-9c38-0f3c0b0e7a11",
          "/management/v1/rules",
          PROD + "/replication",
          "/management/v1/tokens",
          "/management/v1/tokens/ops",
          "/management/v1/audit",
          "/management/v1/audit?format=ndjson");

  /** The pool tells of a server that is gone after five seconds, and those of one kind in turn. */
  private static final List<String> SOME_QUESTIONS =
      List.of(
          "/management/v1/status",
          "/management/v1/operations",
          "/management/v1/rules",
          "/management/v1/tokens/ops",
          "/management/v1/audit?format=ndjson");

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));

  private ManagementListener listener(Database database, Runnable waits) {
    return new TestingManagement(database, clock)
        .token("boss", "manage:admin")
        .operationWaits(waits)
        .start();
  }

  private static Response ask(ManagementListener listener, String path) {
    return given()
        .filter(DESCRIBED)
        .baseUri("http://127.0.0.1")
        .port(listener.port())
        .header("Authorization", "Bearer s-boss")
        .header("X-Request-ID", "mine:7")
        .get(path);
  }

  /** At once, since each waits for a connection for as long as anybody would. */
  private static void assertExplained(ManagementListener listener, List<String> questions) {
    Map<String, Response> answers = new ConcurrentHashMap<>();
    List<Thread> callers =
        questions.stream()
            .map(path -> new Thread(() -> answers.put(path, ask(listener, path))))
            .toList();
    callers.forEach(Thread::start);
    callers.forEach(WithoutDatabaseTest::join);

    assertThat(answers).containsOnlyKeys(questions);
    answers.forEach(
        (path, answer) -> {
          assertThat(answer.statusCode()).as("%s: %s", path, answer.asString()).isEqualTo(503);
          assertThat(answer.header("Retry-After")).as(path).isEqualTo("5");
          assertThat(answer.header("X-Request-ID")).as(path).isEqualTo("mine:7");
          assertThat(answer.path("error.type").toString()).isEqualTo("ServiceUnavailableException");
          assertThat(answer.path("error.message").toString())
              .startsWith("The database does not answer; see that it runs");
        });
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void questions_databaseFileClosed_saySo() {
    Database database = Databases.h2(folder);
    try (ManagementListener listener = listener(database, () -> {})) {
      database.close();
      assertExplained(listener, QUESTIONS);
    }
  }

  @Test
  void questions_postgresStopped_saySo() throws Exception {
    PostgresServer.running(); // says why where none can run
    try (EmbeddedPostgres server = EmbeddedPostgres.start();
        Database database =
            Database.postgres(
                server.getJdbcUrl(PostgresServer.USER, "postgres"), PostgresServer.USER, "");
        ManagementListener listener = listener(database, () -> {})) {
      ask(listener, QUESTIONS.get(0)).then().statusCode(200);
      server.close();
      assertExplained(listener, SOME_QUESTIONS);
    }
  }

  /** The way on is another one: it may have been done. */
  @Test
  void change_databaseGoneAmidIt_isNotToBeSentAgainUnseen() {
    Database first = Databases.h2(folder);
    try (ManagementListener listener =
        listener(
            first,
            () -> {
              first.close();
              first.jdbi().useHandle(handle -> handle.execute("select 1"));
            })) {
      Response answer =
          given()
              .filter(DESCRIBED)
              .baseUri("http://127.0.0.1")
              .port(listener.port())
              .header("Authorization", "Bearer s-boss")
              .contentType("application/json")
              .body("{\"kind\":\"pause\",\"destination\":\"eu\"}")
              .post("/management/v1/operations");

      assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isNull();
      assertThat(answer.path("error.message").toString()).contains("nobody knows whether");
    }
    try (Database again = Databases.h2(folder)) {
      assertThat(new AuditLog(again, clock).newest(AuditFilter.ALL, Optional.empty(), 10))
          .extracting(entry -> entry.event().action())
          .containsExactly("requested");
    }
  }
}
