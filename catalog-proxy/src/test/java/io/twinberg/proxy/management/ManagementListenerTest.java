package io.twinberg.proxy.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.javalin.http.HandlerType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.twinberg.config.Grant.Role;
import io.twinberg.database.Database;
import io.twinberg.http.PathSegments;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.TableVersion;
import io.twinberg.operation.Claim;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.Outcome;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.RowScope;
import io.twinberg.proxy.http.ListenerException;
import io.twinberg.proxy.http.ReadinessCheck;
import io.twinberg.proxy.testing.DescribedAnswers;
import io.twinberg.proxy.testing.RawClient;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.replica.Lease;
import io.twinberg.replica.ProgressRows;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.ReplicaProgress;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The management API over real HTTP, on rows that the real classes made. */
class ManagementListenerTest {
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "eu", "orders");
  private static final String ORDERS_STATUS =
      "/management/v1/sources/prod/namespaces/sales%1Feu/tables/orders/status";

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final AtomicReference<Optional<String>> problem = new AtomicReference<>(Optional.empty());
  private final AtomicInteger waits = new AtomicInteger();
  private Database database;
  private ReplicaWorld world;
  private ManagementListener listener;

  @BeforeEach
  void start() {
    database = Databases.h2(folder);
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    listener = listener(0);
    listener.start();
  }

  private ManagementListener listener(int port) {
    return new TestingManagement(database, clock)
        .token("eyes", "manage:viewer")
        .token("ops", "manage:admin")
        .token("etl", "write:prod")
        .check(new ReadinessCheck("database", problem::get))
        .operationWaits(waits::incrementAndGet)
        .listener(port);
  }

  @AfterEach
  void stop() {
    listener.close();
    database.close();
  }

  private RequestSpecification caller(String token) {
    RequestSpecification request =
        given()
            .baseUri("http://127.0.0.1")
            .port(listener.port())
            .urlEncodingEnabled(false)
            .filter(new DescribedAnswers());
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private ValidatableResponse get(String path) {
    return caller("s-eyes").get(path).then();
  }

  private JsonPath json(String path) {
    return get(path).statusCode(200).contentType("application/json").extract().jsonPath();
  }

  private Replica published(TableIdentifier name) {
    SourceTable table = world.table("prod", name);
    Replica replica = world.replica(table, "eu");
    TableVersion version = world.commit(table);
    world.checked(table);
    return world.publish(replica, version, "s3://replica/1.metadata.json");
  }

  @Test
  void replica_completed_isWrittenWithAllItsFields() {
    Replica replica = published(ORDERS);

    JsonPath json = json("/management/v1/status");

    assertThat(json.getMap("counts").keySet())
        .map(Object::toString)
        .containsExactly("pending", "copying", "completed", "failed", "unknown");
    assertThat(json.getInt("counts.completed")).isEqualTo(1);
    assertThat(json.getString("nextPageToken")).isNull();
    assertThat(json.getMap("replicas[0]").keySet())
        .map(Object::toString)
        .containsExactly(
            "source",
            "destination",
            "namespace",
            "table",
            "kind",
            "replicaId",
            "state",
            "paused",
            "pausedBy",
            "lifecycle",
            "sourceCheckedAt",
            "progress",
            "lag",
            "lastApplied",
            "lastReceipt",
            "lastError",
            "attempts",
            "givenUp",
            "nextAttempt",
            "needsPerson",
            "waitsForGroupSince",
            "groupSplitAt");
    get("/management/v1/status")
        .body("replicas[0].source", is("prod"))
        .body("replicas[0].destination", is("eu"))
        .body("replicas[0].namespace", contains("sales", "eu"))
        .body("replicas[0].table", is("orders"))
        .body("replicas[0].kind", is("table"))
        .body("replicas[0].replicaId", is(replica.id()))
        .body("replicas[0].state", is("completed"))
        .body("replicas[0].paused", is(false))
        .body("replicas[0].lifecycle", is("active"))
        .body("replicas[0].sourceCheckedAt", is("2026-03-01T10:00:00Z"))
        .body("replicas[0].lag.versions", is(0))
        .body("replicas[0].lag.seconds", is(0.0f))
        .body("replicas[0].lastApplied.replicaMetadataLocation", is("s3://replica/1.metadata.json"))
        .body("replicas[0].lastApplied.sourceMetadataLocation", containsString("s3://lake/"))
        .body("replicas[0].lastApplied.snapshotId", equalTo(Long.MAX_VALUE - 2))
        .body("replicas[0].lastApplied.position", is(1))
        .body("replicas[0].lastApplied.at", is("2026-03-01T10:00:00Z"))
        .body("replicas[0].lastError", nullValue())
        .body("replicas[0].nextAttempt", nullValue())
        .body("replicas[0].needsPerson", is(false));
  }

  @Test
  void states_areDerivedFromWhatTheDatabaseHolds() {
    SourceTable table = world.table("prod", ORDERS);
    Replica replica = world.replica(table, "eu");
    TableVersion version = world.commit(table);
    clock.step(Duration.ofMillis(1500));
    assertThat(state()).isEqualTo("pending");
    get(ORDERS_STATUS)
        .body("replicas[0].lag.versions", is(1))
        .body("replicas[0].lag.seconds", is(1.5f))
        .body("replicas[0].lastApplied", nullValue())
        .body("replicas[0].sourceCheckedAt", nullValue());
    Lease lease = world.claim(replica);
    assertThat(state()).isEqualTo("copying");
    world.release(lease);
    world.fail(replica, "DESTINATION_DENIED", false);
    assertThat(state()).isEqualTo("failed");
    get(ORDERS_STATUS)
        .body("replicas[0].lastError.code", is("DESTINATION_DENIED"))
        .body("replicas[0].lastError.message", is("it broke"))
        .body("replicas[0].lastError.file", is("s3://lake/f"))
        .body("replicas[0].lastError.since", is(clock.instant().toString()))
        .body("replicas[0].nextAttempt", is(clock.instant().plusSeconds(60).toString()))
        .body("replicas[0].needsPerson", is(false));
    world.fail(replica, "UNSUPPORTED", true);
    get(ORDERS_STATUS)
        .body("replicas[0].attempts", is(2))
        .body("replicas[0].givenUp", is(false))
        .body("replicas[0].nextAttempt", is(clock.instant().plusSeconds(60).toString()))
        .body("replicas[0].needsPerson", is(true));
    world.giveUp(replica, "UNSUPPORTED");
    get(ORDERS_STATUS)
        .body("replicas[0].attempts", is(3))
        .body("replicas[0].givenUp", is(true))
        .body("replicas[0].nextAttempt", nullValue())
        .body("replicas[0].needsPerson", is(true));
    world.checked(table);
    world.publish(replica, version, "s3://replica/1.metadata.json");
    assertThat(state()).isEqualTo("completed");
    clock.step(Duration.ofHours(1));
    assertThat(state()).isEqualTo("unknown");
    world.replicas().sourceDropped(table.id());
    assertThat(state()).isEqualTo("completed");
    get(ORDERS_STATUS).body("replicas[0].lifecycle", is("source-dropped"));
  }

  private String state() {
    JsonPath all = json("/management/v1/status");
    String state = all.getString("replicas[0].state");
    assertThat(all.getInt("counts." + state)).isEqualTo(1);
    assertThat(json(ORDERS_STATUS).getString("replicas[0].state")).isEqualTo(state);
    return state;
  }

  @Test
  void pages_coverEveryReplicaOnce() {
    for (int i = 0; i < 7; i++) {
      world.replica(world.table("prod", TableIdentifier.of("n", "t" + i)), "eu");
    }
    List<String> seen = new ArrayList<>();
    String token = "";
    int pages = 0;
    do {
      JsonPath page = json("/management/v1/status?pageSize=3&pageToken=" + token);
      assertThat(page.getInt("counts.pending")).isEqualTo(7);
      seen.addAll(page.getList("replicas.table", String.class));
      token = page.getString("nextPageToken");
      pages++;
    } while (token != null);
    assertThat(pages).isEqualTo(3);
    assertThat(seen).containsExactly("t0", "t1", "t2", "t3", "t4", "t5", "t6");
  }

  @Test
  void answer_thatIsLong_isWholeForThoseWhoTakeItCompressed() {
    for (int i = 0; i < 20; i++) {
      world.replica(world.table("prod", TableIdentifier.of("n", "t" + i)), "eu");
    }
    caller("s-eyes")
        .header("Accept-Encoding", "gzip")
        .get("/management/v1/status")
        .then()
        .statusCode(200)
        .header("Content-Encoding", "gzip")
        .body("replicas", hasSize(20));
  }

  @Test
  void filters_narrowReplicasAndCounts() {
    Replica failing = published(ORDERS);
    world.fail(failing, "BROKEN", false);
    world.replica(world.table("test", TableIdentifier.of("a", "b")), "us");

    get("/management/v1/status?source=test")
        .body("replicas.table", contains("b"))
        .body("counts.failed", is(0))
        .body("counts.pending", is(1));
    get("/management/v1/status?destination=eu").body("replicas.table", contains("orders"));
    get("/management/v1/status?state=failed").body("replicas.table", contains("orders"));
    get("/management/v1/status?source=test&state=failed").body("replicas", hasSize(0));
  }

  @ParameterizedTest
  @CsvSource({
    "pageSize=0,pageSize must be 1 to 1000",
    "pageSize=1001,pageSize must be 1 to 1000",
    "pageSize=ten,pageSize must be 1 to 1000",
    "pageToken=%21,is not one that this API gave",
    "pageToken=abcd,is not one that this API gave",
    "state=broken,state must be one of pending",
    "source=prd,did you mean 'prod'?",
    "destination=eux,did you mean 'eu'?"
  })
  void question_thatIsWrong_isABadRequestThatSaysWhy(String query, String message) {
    get("/management/v1/status?" + query)
        .statusCode(400)
        .contentType("application/json")
        .body("error.code", is(400))
        .body("error.type", is("BadRequestException"))
        .body("error.message", containsString(message));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "with.dot", "with space", "a/b", "50%25", "+plus", "ü", ".."})
  void table_withAnOddName_isFoundByItsEncodedPath(String name) {
    TableIdentifier table = TableIdentifier.of(Namespace.of("n s", "x/y.z"), name);
    world.replica(world.table("prod", table), "eu");

    get("/management/v1/sources/prod/namespaces/n%20s%1Fx%2Fy.z/tables/"
            + PathSegments.encode(name)
            + "/status")
        .statusCode(200)
        .body("table", is(name))
        .body("namespace", contains("n s", "x/y.z"))
        .body("replicas", hasSize(1))
        .body("replicas[0].table", is(name));
  }

  @Test
  void table_withoutReplicas_hasNone() {
    world.table("prod", ORDERS);
    get(ORDERS_STATUS).statusCode(200).body("source", is("prod")).body("replicas", hasSize(0));
  }

  @ParameterizedTest
  @CsvSource({
    "sources/prdo/namespaces/sales%1Feu/tables/orders/status,404,did you mean 'prod'?",
    "sources/prod/namespaces/sales%1Feu/tables/ordres/status,404,did you mean 'sales.eu.orders'?",
    "sources/prod/namespaces/sales%2Eeu/tables/orders/status,404,has no table",
    "sources/prod/namespaces/sales/tables/%FF/status,400,cannot be read",
    "nothing,404,is not served"
  })
  void path_thatIsUnknown_isAnErrorThatNamesWhatIsNear(String path, int status, String message) {
    world.table("prod", ORDERS);
    get("/management/v1/" + path)
        .statusCode(status)
        .contentType("application/json")
        .body("error.code", is(status))
        .body("error.message", containsString(message));
  }

  @Test
  void query_thatIsMalformed_isABadRequest() throws Exception {
    String answer =
        RawClient.send(
            listener.port(),
            "GET /management/v1/status?source=%zz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                + "Authorization: Bearer s-eyes\r\n\r\n");
    assertThat(RawClient.status(answer)).isEqualTo(400);
    assertThat(answer).contains("not URL-encoded");
  }

  @Test
  void failureOfItsOwn_bearsTheIdUnderWhichTheLogHasMore() {
    database.jdbi().useHandle(handle -> handle.execute("alter table operation rename to gone"));
    Logger logger = (Logger) LoggerFactory.getLogger(ManagementListener.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      String id =
          given()
              .baseUri("http://127.0.0.1")
              .port(listener.port())
              .header("Authorization", "Bearer s-eyes")
              .get("/management/v1/operations")
              .then()
              .statusCode(500)
              .body("error.message", containsString("under the request's id"))
              .extract()
              .header("X-Request-ID");

      assertThat(id).isNotBlank();
      assertThat(lines.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactly("request=" + id + " path=/management/v1/operations failed");
    } finally {
      logger.detachAppender(lines);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/management/v1/nothing", "/health/live", "/management/v1/status"})
  void answer_bearsTheRequestsIdWhereThatIsPlain(String path) {
    assertThat(withId("mine:7", path)).isEqualTo("mine:7");
    assertThat(withId("my own", path)).isNotBlank().isNotEqualTo("my own");
  }

  private String withId(String id, String path) {
    return caller("s-eyes").header("X-Request-ID", id).get(path).header("X-Request-ID");
  }

  @Test
  void method_thatIsNotServed_isRefused() {
    caller("s-ops")
        .post("/management/v1/status")
        .then()
        .statusCode(405)
        .body("error.code", is(405));
  }

  @Test
  void sourcesAndDestinations_tellFactsAndNoSettings() {
    published(ORDERS);
    world.intent(world.tables().active("prod", "", ORDERS).orElseThrow());
    world.replica(world.table("prod", TableIdentifier.of("a", "b")), "eu");
    clock.step(Duration.ofSeconds(90));

    assertThat(json("/management/v1/sources").getMap("sources[0]").keySet())
        .map(Object::toString)
        .containsExactly(
            "name",
            "kind",
            "tables",
            "uncheckedTables",
            "oldestCheck",
            "sweepAge",
            "openIntents",
            "counts",
            "lag",
            "published");
    get("/management/v1/sources")
        .body("sources.name", contains("prod", "test"))
        .body("sources[0].kind", is("rest"))
        .body("sources[0].openIntents", is(1))
        .body("sources[0].uncheckedTables", is(1))
        .body("sources[0].oldestCheck", is("2026-03-01T10:00:00Z"))
        .body("sources[0].sweepAge", is(90.0f))
        .body("sources[0].published.day.versions", is(1))
        .body("sources[0].counts.pending", is(1))
        .body("sources[0].lag.versions", is(0))
        .body("sources[1].tables", is(0))
        .body("sources[1].counts.pending", is(0))
        .body("sources[1].sweepAge", nullValue());
    get("/management/v1/destinations")
        .body("destinations.name", contains("eu", "us"))
        .body("destinations[0].kind", is("s3"))
        .body("destinations[0].counts.completed", is(1))
        .body("destinations[0].counts.pending", is(1))
        .body("destinations[0].lag.versions", is(0))
        .body("destinations[1].counts.completed", is(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/management/v1/status",
        "/management/v1/sources",
        "/management/v1/destinations",
        ORDERS_STATUS,
        "/metrics"
      })
  void route_asksForTheViewersGrant(String path) {
    published(ORDERS);
    for (String nobody : List.of("", "s-wrong")) {
      caller(nobody)
          .get(path)
          .then()
          .statusCode(401)
          .header("WWW-Authenticate", containsString("Bearer"))
          .body("error.type", is("NotAuthorizedException"));
    }
    caller("s-etl")
        .get(path)
        .then()
        .statusCode(403)
        .body("error.type", is("ForbiddenException"))
        .body("error.message", is("The token etl lacks the grant manage:viewer."));
    caller("s-eyes").get(path).then().statusCode(200);
    caller("s-ops").get(path).then().statusCode(200);
  }

  @Test
  void everyRoute_asksForItsRoleButHealthAndTheDescription() {
    List<String> open = new ArrayList<>();
    for (ManagedRoute route : listener.routes()) {
      String path = route.path().replaceAll("\\{[a-z]+}", "x");
      if (route.role().isEmpty()) {
        open.add(path);
      } else {
        assertThat(caller("").request(route.method().name(), path).statusCode()).isEqualTo(401);
        assertThat(caller("s-etl").request(route.method().name(), path).statusCode())
            .isEqualTo(403);
      }
    }
    assertThat(open)
        .containsExactlyInAnyOrder("/health/live", "/health/ready", "/management/v1/openapi.yaml");
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void routeThatChangesSomething_needsAnOperatorAtLeast(Role role) {
    ThrowingCallable route =
        () -> new ManagedRoute(HandlerType.POST, "/x", Optional.of(role), context -> {});

    if (role == Role.VIEWER) {
      assertThatThrownBy(route).hasMessageContaining("/x changes something");
    } else {
      assertThatCode(route).doesNotThrowAnyException();
    }
    assertThatThrownBy(
            () -> new ManagedRoute(HandlerType.DELETE, "/x", Optional.empty(), context -> {}))
        .hasMessageContaining("needs an operator");
  }

  @Test
  void health_isOpenAndFollowsItsChecks() {
    caller("").get("/health/live").then().statusCode(200).body("status", is("up"));
    caller("").get("/health/ready").then().statusCode(200).body("checks.database", is("ok"));
    problem.set(Optional.of("gone"));
    caller("").get("/health/ready").then().statusCode(503).body("checks.database", is("gone"));
    caller("").get("/health/live").then().statusCode(200);
  }

  @Test
  void metrics_tellLagStatesAndIntentsAndReadTheDatabaseEveryFiveSeconds() {
    SourceTable table = world.table("prod", ORDERS);
    world.replica(table, "eu");
    world.commit(table);
    world.intent(table);
    clock.step(Duration.ofSeconds(7));
    assertThat(metrics())
        .contains(
            "replica_lag_seconds{destination=\"eu\"} 7.0",
            "replica_lag_seconds{destination=\"us\"} 0.0",
            "replica_pending_versions{destination=\"eu\"} 1.0",
            "replicas{destination=\"eu\",state=\"pending\"} 1.0",
            "replicas{destination=\"eu\",state=\"failed\"} 0.0",
            "intents_open 1.0");

    world.commit(table);
    clock.step(Duration.ofMillis(4999));
    assertThat(metrics()).contains("replica_pending_versions{destination=\"eu\"} 1.0");
    clock.step(Duration.ofMillis(1));
    assertThat(metrics())
        .contains(
            "replica_pending_versions{destination=\"eu\"} 2.0",
            "replica_lag_seconds{destination=\"eu\"} 12.0");

    world.replicas().archive(table.id());
    clock.step(Duration.ofSeconds(5));
    assertThat(metrics()).contains("replica_lag_seconds{destination=\"eu\"} 0.0");
  }

  @Test
  void metrics_keptByTheDatabase_stayWhereTheyWereWhileItIsAway() {
    SourceTable table = world.table("prod", ORDERS);
    Replica replica = world.replica(table, "eu");
    world.bypass(table);
    SourceTable restored = world.table("prod", TableIdentifier.of("sales", "restored"));
    new SourceTables(database, clock)
        .discover("prod", "", restored.name(), restored.uuid(), "s3://lake/restored", true);
    verified("eu", 3);
    world.fail(replica, "CORRUPT", false);
    world.fail(replica, "CORRUPT", false);
    TableVersion late = world.commit(table);
    clock.step(Duration.ofMinutes(16));
    world.publish(replica, late, "s3://replica/late.json");
    clock.step(Duration.ofSeconds(16));
    new ProgressRows(database)
        .report(
            replica.id(),
            world.claim(replica),
            new ReplicaProgress(
                1,
                clock.instant(),
                clock.instant(),
                0,
                1,
                2,
                OptionalLong.empty(),
                3_000,
                OptionalLong.of(5_000)));
    assertThat(metrics())
        .contains(
            "bypass_versions_total{source=\"prod\"} 1.0",
            "bypass_versions_total{source=\"test\"} 0.0",
            "source_went_back_total{source=\"prod\"} 1.0",
            "source_went_back_total{source=\"test\"} 0.0",
            "verify_violations_total{destination=\"eu\"} 3.0",
            "verify_violations_total{destination=\"us\"} 0.0",
            "replica_failures_total{code=\"CORRUPT\",destination=\"eu\"} 2.0",
            "replica_failures_total{code=\"CORRUPT\",destination=\"us\"} 0.0",
            "replicated_late_total{destination=\"eu\"} 1.0",
            "replica_pending_bytes{destination=\"eu\"} 2000.0",
            "replica_pending_bytes{destination=\"us\"} 0.0");

    database.close();
    clock.step(Duration.ofSeconds(5));
    assertThat(metrics())
        .contains(
            "bypass_versions_total{source=\"prod\"} 1.0",
            "verify_violations_total{destination=\"eu\"} 3.0",
            "replica_failures_total{code=\"CORRUPT\",destination=\"eu\"} 2.0",
            "replicated_late_total{destination=\"eu\"} 1.0",
            "replica_pending_bytes{destination=\"eu\"} NaN");
  }

  private void verified(String destination, long violations) {
    OperationLog log = new OperationLog(database, clock);
    log.request(new OperationRequest.Verify(ReplicaTarget.ALL, RowScope.NONE), "ops");
    Claim claim = log.claim("p", Duration.ofMinutes(1)).orElseThrow();
    log.finish(claim, Outcome.verified("bad", "{}", Map.of(destination, violations)));
  }

  @Test
  void group_waitsAndIsSplit_statusAndMetricsTellIt() {
    SourceTable orders = world.table("prod", ORDERS);
    SourceTable items = world.table("prod", TableIdentifier.of("sales", "items"));
    Replica shown = world.replica(orders, "eu");
    Replica late = world.replica(items, "eu");
    world.publish(shown, world.commit(orders), "s3://replica/o1.metadata.json");
    world.publish(late, world.commit(items), "s3://replica/i1.metadata.json");
    TableVersion version = world.commitTogether(orders, items).get(0);
    world.publishOfGroup(shown, version, "s3://replica/o2.metadata.json");
    get(ORDERS_STATUS)
        .body("replicas[0].state", is("pending"))
        .body("replicas[0].waitsForGroupSince", is(clock.instant().toString()))
        .body("replicas[0].groupSplitAt", nullValue());
    assertThat(metrics()).contains("groups_split{destination=\"eu\"} 0.0");

    clock.step(ReplicaWorld.GROUP_HOLD);
    assertThat(world.groups().publishDue()).isTrue();
    get(ORDERS_STATUS)
        .body("replicas[0].lag.versions", is(0))
        .body("replicas[0].waitsForGroupSince", nullValue())
        .body("replicas[0].groupSplitAt", is(clock.instant().toString()));
    assertThat(metrics()).contains("groups_split{destination=\"eu\"} 1.0");
  }

  private List<String> metrics() {
    return get("/metrics").statusCode(200).extract().asString().lines().toList();
  }

  @Test
  void start_portTaken_saysWhichAndWhatToDo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ManagementListener late = listener(taken.getLocalPort());
      assertThatThrownBy(late::start)
          .isInstanceOf(ListenerException.class)
          .hasMessageStartingWith(
              "management.port " + taken.getLocalPort() + " on 127.0.0.1 is in use");
    }
  }
}
