package io.twinberg.proxy.management;

import static io.restassured.RestAssured.given;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.twinberg.database.Database;
import io.twinberg.log.SourceTable;
import io.twinberg.operation.OperationLog;
import io.twinberg.proxy.testing.DescribedAnswers;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.DatabaseKind;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** The routes for operations over real HTTP, and one replica that they may be about. */
abstract class OperationRoutesSuite {
  private static final DescribedAnswers DESCRIBED = new DescribedAnswers();
  static final String OPERATIONS = "/management/v1/operations";
  static final TableIdentifier ORDERS = TableIdentifier.of("sales", "eu", "orders");

  /** H2 for suites that do not run on every kind. */
  @Parameter private DatabaseKind kind = DatabaseKind.H2;

  @TempDir private Path folder;
  final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  final AtomicInteger waits = new AtomicInteger();
  Database database;
  ReplicaWorld world;
  OperationLog log;
  SourceTable table;
  Replica replica;
  private ManagementListener listener;

  @BeforeEach
  void start() {
    database = kind.open(folder);
    log = new OperationLog(database, clock);
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    table = world.table("prod", ORDERS);
    replica = world.replica(table, "eu");
    listener =
        new TestingManagement(database, clock)
            .token("eyes", "manage:viewer")
            .token("ops", "manage:operator")
            .token("boss", "manage:admin")
            .token("reader", "read:eu")
            .operationWaits(waits::incrementAndGet)
            .start();
  }

  @AfterEach
  void stop() {
    listener.close();
    database.close();
  }

  int port() {
    return listener.port();
  }

  RequestSpecification caller(String token) {
    return given()
        .filter(DESCRIBED)
        .baseUri("http://127.0.0.1")
        .port(listener.port())
        .header("Authorization", "Bearer " + token);
  }

  ValidatableResponse post(String token, String body) {
    return caller(token).contentType("application/json").body(body).post(OPERATIONS).then();
  }
}
