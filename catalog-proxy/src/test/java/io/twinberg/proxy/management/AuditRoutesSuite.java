package io.twinberg.proxy.management;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditLog;
import io.twinberg.audit.AuditOutcome;
import io.twinberg.audit.AuditScope;
import io.twinberg.proxy.http.ClientPace;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The audit over real HTTP, on every database. */
abstract class AuditRoutesSuite extends DatabaseContract {
  static final String AUDIT = "/management/v1/audit";
  static final String OPERATIONS = "/management/v1/operations";

  /** Longer than a busy machine takes to fill all places of an export. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  TestingManagement management;
  ManagementListener listener;
  Runnable whileHandled = () -> {};

  @BeforeEach
  void start() {
    management =
        new TestingManagement(database, clock)
            .token("eyes", "manage:viewer")
            .token("ops", "manage:operator")
            .token("boss", "manage:admin")
            .operationWaits(() -> whileHandled.run())
            .pace(new ClientPace(PATIENCE, 1024));
    listener = management.start();
  }

  @AfterEach
  void stop() {
    listener.close();
  }

  RequestSpecification caller(String token) {
    RequestSpecification request =
        given().baseUri("http://127.0.0.1").port(listener.port()).urlEncodingEnabled(false);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  ValidatableResponse get(String query) {
    return caller("s-ops").get(AUDIT + query).then();
  }

  ValidatableResponse post(String body) {
    return caller("s-ops").contentType("application/json").body(body).post(OPERATIONS).then();
  }

  void append(int count, String subject) {
    List<AuditEvent> events =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    new AuditEvent(
                        AuditKind.ACCESS,
                        "refused",
                        Optional.of("10.0.0.1"),
                        AuditScope.ANY,
                        subject + i,
                        AuditOutcome.REFUSED,
                        JsonNodeFactory.instance.objectNode()))
            .toList();
    new AuditLog(database, clock).append(events);
  }

  void sql(String statement) {
    database.jdbi().useHandle(handle -> handle.execute(statement));
  }
}
