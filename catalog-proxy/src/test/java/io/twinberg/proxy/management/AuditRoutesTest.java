package io.twinberg.proxy.management;

import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditLog;
import io.twinberg.audit.AuditOutcome;
import io.twinberg.audit.AuditScope;
import io.twinberg.audit.BegunActions;
import io.twinberg.log.SourceTable;
import io.twinberg.proxy.http.ClientPace;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.DatabaseContract;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The audit over real HTTP: what the management API itself records, and how it is read. */
class AuditRoutesTest extends DatabaseContract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String AUDIT = "/management/v1/audit";
  private static final String OPERATIONS = "/management/v1/operations";
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "eu", "orders");
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private TestingManagement management;
  private ManagementListener listener;
  private Runnable whileHandled = () -> {};

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

  private RequestSpecification caller(String token) {
    RequestSpecification request =
        given().baseUri("http://127.0.0.1").port(listener.port()).urlEncodingEnabled(false);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private ValidatableResponse get(String query) {
    return caller("s-ops").get(AUDIT + query).then();
  }

  private ValidatableResponse post(String body) {
    return caller("s-ops").contentType("application/json").body(body).post(OPERATIONS).then();
  }

  private void append(int count, String subject) {
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

  private void sql(String statement) {
    database.jdbi().useHandle(handle -> handle.execute(statement));
  }

  @ParameterizedTest
  @CsvSource({"'',401", "s-nobody,401", "s-eyes,403", "s-ops,200", "s-boss,200"})
  void audit_isForOperatorsAndAdmins(String token, int status) {
    caller(token).get(AUDIT).then().statusCode(status);
    caller(token).get(AUDIT + "?format=ndjson").then().statusCode(status);
  }

  @Test
  void appliedVersion_isShownWithAllItsFields() {
    ReplicaWorld world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    SourceTable table = world.table("prod", ORDERS);
    Replica replica = world.replica(table, "eu");
    world.publish(replica, world.commit(table), "s3://replica/1.metadata.json");

    JsonPath json =
        get("?source=prod&namespace=sales%1Feu&table=orders&destination=eu&kind=version")
            .statusCode(200)
            .contentType("application/json")
            .body("entries", hasSize(1))
            .body("nextPageToken", nullValue())
            .extract()
            .jsonPath();

    assertThat(json.getMap("entries[0]").keySet())
        .map(Object::toString)
        .containsExactly(
            "id",
            "at",
            "kind",
            "action",
            "actor",
            "source",
            "namespace",
            "table",
            "destination",
            "subject",
            "outcome",
            "details");
    assertThat(json.getString("entries[0].at")).isEqualTo(clock.instant().toString());
    assertThat(json.getString("entries[0].action")).isEqualTo("applied");
    assertThat(json.getString("entries[0].actor")).isNull();
    assertThat(json.getList("entries[0].namespace")).isEqualTo(List.of("sales", "eu"));
    assertThat(json.getString("entries[0].details.metadataLocation"))
        .isEqualTo("s3://replica/1.metadata.json");
    get("?source=test").body("entries", empty());
  }

  @Test
  void change_isRecordedWithWhoWhatAndWhatBecameOfIt() {
    String id =
        post("{\"kind\":\"verify\",\"destination\":\"eu\"}").statusCode(202).extract().path("id");

    get("?kind=management")
        .body("entries", hasSize(1))
        .body("entries[0].actor", is("ops"))
        .body("entries[0].action", is("POST /management/v1/operations"))
        .body("entries[0].subject", is("operation " + id))
        .body("entries[0].outcome", is("done"))
        .body("entries[0].details.status", is(202))
        .body("entries[0].details.before", nullValue())
        .body("entries[0].details.after.target.destination", is("eu"));
    get("?kind=operation&actor=ops&destination=eu")
        .body("entries.action", contains("requested"))
        .body("entries[0].details.operationId", is(id));
    assertThat(rows("audit_begun")).isZero();
  }

  @Test
  void changeThatIsRefused_isRecordedWithoutWhatWasSent() {
    post("{\"kind\":\"s3cr3t").statusCode(400);
    post("{\"kind\":\"verify\",\"destination\":\"ue\"}").statusCode(404);

    String all =
        get("")
            .body("entries.outcome", contains("refused", "refused"))
            .body("entries.details.status", contains(404, 400))
            .body("entries.subject", contains(OPERATIONS, OPERATIONS))
            .extract()
            .asString();
    assertThat(all).doesNotContain("s3cr3t", "s-ops");
  }

  @Test
  void secretTypedAsAName_isNotKept() {
    String secret = "twb_" + "aB3-_".repeat(9).substring(2);
    caller("s-boss").delete("/management/v1/tokens/" + secret).then().statusCode(404);
    caller("s-eyes").delete("/management/v1/tokens/" + secret).then().statusCode(403);
    management.refused().write();

    String all = get("").body("entries", hasSize(greaterThanOrEqualTo(2))).extract().asString();
    assertThat(all).contains("tokens/twb_****").doesNotContain(secret.substring(4, 20));
  }

  @Test
  void callThatHoldsNul_isRecordedLikeOthersThatAreRefused() {
    post("{\"kind\":\"verify\",\"source\":\"\\u0000\"}").statusCode(400);

    get("?kind=management")
        .body("entries.outcome", contains("refused"))
        .body("entries.details.status", contains(400));
  }

  @Test
  void callersWhoAreNotLetIn_areCounted() {
    caller("s-eyes")
        .contentType("application/json")
        .body("{}")
        .post(OPERATIONS)
        .then()
        .statusCode(403);
    caller("s-eyes").get(AUDIT).then().statusCode(403);
    caller("s-guess").get(AUDIT + "?actor=s3cr3t").then().statusCode(401);
    management.refused().write();

    String all =
        get("?kind=access")
            .body("entries.findAll { it.actor == 'eyes' }.details.calls", contains(2))
            .body("entries.findAll { it.actor == '127.0.0.1' }.details.status", contains(401))
            .body("entries.subject", hasItem("management API"))
            .extract()
            .asString();
    assertThat(all).doesNotContain("s-guess", "s3cr3t");
    get("?kind=management").body("entries", empty());
  }

  @Test
  void changeThatCannotBeRecorded_isNotMade() {
    sql("alter table audit_begun rename to gone");
    try {
      post("{\"kind\":\"verify\"}")
          .statusCode(503)
          .header("Retry-After", "5")
          .body("error.message", containsString("Nothing was changed"));
      assertThat(rows("operation")).isZero();
    } finally {
      sql("alter table gone rename to audit_begun");
    }
  }

  /** The database goes away between the change and its record: it was made, and that is known. */
  @Test
  void changeWhoseEndCannotBeRecorded_isAnEntryWithAnUnknownOutcome() {
    whileHandled = () -> sql("alter table audit_entry rename to gone");
    try {
      post("{\"kind\":\"verify\"}").statusCode(202);
    } finally {
      sql("alter table gone rename to audit_entry");
    }
    assertThat(management.registry().counter("audit.outcomes.unrecorded").count()).isEqualTo(1);
    get("?kind=management").body("entries", empty());

    clock.step(Duration.ofMinutes(11));
    new BegunActions(database, clock).giveUp();

    get("?kind=management")
        .body("entries.outcome", contains("unknown"))
        .body("entries.actor", contains("ops"));
  }

  @Test
  void pages_areNewestFirst() {
    for (int i = 0; i < 5; i++) {
      append(1, "call " + i + ".");
      clock.step(Duration.ofSeconds(1));
    }
    String next =
        get("?pageSize=3")
            .body("entries.subject", contains("call 4.0", "call 3.0", "call 2.0"))
            .extract()
            .path("nextPageToken");
    append(1, "later");
    get("?pageSize=3&pageToken=" + next)
        .body("entries.subject", contains("call 1.0", "call 0.0"))
        .body("nextPageToken", nullValue());
    get("?since=2026-03-04T05:06:08Z&until=2026-03-04T07:06:09+02:00")
        .body("entries.subject", contains("call 1.0"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind=version2|kind must be one of management, version, operation, access, retention, not"
            + " 'version2'",
        "kind='%20or%201=1|kind must be one of",
        "since=yesterday|since must be a time such as 2026-03-01T10:00:00Z, not 'yesterday'",
        "since=2026-13-01T10:00:00Z|since must be a time",
        "until=%2B1000000000-12-31T23:59:59Z|until must be in the years 1 to 9999",
        "until=-1000000-01-01T00:00:00Z|until must be in the years 1 to 9999",
        "pageToken=x|pageToken 'x' is not one that this API gave",
        "pageToken=_________________________w|is not one that this API gave",
        "pageSize=0|pageSize must be 1 to 1000, not '0'",
        "pageSize=1001|pageSize must be 1 to 1000",
        "pageSize=many|pageSize must be 1 to 1000, not 'many'",
        "table=orders|a table needs its namespace",
        "namespace=a%1F|namespace has an empty level",
        "acter=ops|the audit has no parameter 'acter'; did you mean 'actor'?",
        "actor=%ff|the query is not URL-encoded",
        "format=csv|format must be json or ndjson, not 'csv'",
        "format=ndjson&pageSize=3|an export has no pages"
      })
  void question_thatIsWrong_isRefusedWithTheReason(String query, String message) {
    get("?" + query).statusCode(400).body("error.message", containsString(message));
  }

  @ParameterizedTest
  @CsvSource({"destination='%3B--", "actor=%F0%9F%90%A6"})
  void question_withOddNames_findsNothing(String query) {
    append(1, "call ");
    get("?" + query).statusCode(200).body("entries", empty());
  }

  @Test
  void export_ofManyEntries_bringsEachOnceAndOldestFirst() throws Exception {
    int count = 50_000;
    insert(count, "");
    append(1, "not yet there when it begins: ");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + AUDIT))
            .header("Authorization", "Bearer s-ops")
            .header("Accept", "application/x-ndjson")
            .build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    List<String> subjects;
    try (Stream<String> lines = answer.body()) {
      subjects = lines.map(AuditRoutesTest::subject).toList();
    }
    assertThat(subjects)
        .isEqualTo(IntStream.rangeClosed(1, count).mapToObj(i -> "n " + i).toList());
  }

  private static String subject(String line) {
    try {
      return JSON.readTree(line).path("subject").asText();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows of a minute each, all of them long before now. */
  private void insert(int count, String filling) {
    String numbers =
        (database.shared() ? "generate_series(1, %d)" : "system_range(1, %d)").formatted(count)
            + " as numbers(n)";
    sql(
        """
        insert into audit_entry (recorded_at, kind, action, subject, outcome, details)
        select timestamp with time zone '2025-01-01 00:00:00+00' + n * interval '1' second, 'VERSION', 'applied',
            concat('n ', n), 'DONE', '{"filling":"%s"}' from %s
        """
            .formatted(filling, numbers));
  }

  /** What a connection buffers is much less than all that there is to read. */
  @Test
  void export_ofClientsThatDoNotRead_endsWithoutHoldingTheDatabase() throws Exception {
    insert(4_000, "x".repeat(8_000));
    List<Socket> hanging = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        hanging.add(hangingExport());
      }
      get("?format=ndjson&source=none").statusCode(503).header("Retry-After", "1");
      Map<Integer, Long> connections =
          IntStream.range(0, 24).parallel().boxed().collect(toMap(i -> i, i -> rows("source")));
      assertThat(connections).hasSize(24);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> get("?format=ndjson&source=none").statusCode(200));
      List<String> ends = new ArrayList<>();
      for (Socket socket : hanging) {
        ends.add(rest(socket));
      }
      // The others may have had time left, and are whole now that they are read.
      assertThat(ends)
          .as("what is given up must not look whole")
          .anySatisfy(end -> assertThat(end).doesNotEndWith("0\r\n\r\n"));
    } finally {
      for (Socket socket : hanging) {
        socket.close();
      }
    }
  }

  /** Waits for the first bytes, and reads no further. */
  private Socket hangingExport() throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + AUDIT
                    + "?format=ndjson HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                    + "Authorization: Bearer s-ops\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  private static String rest(Socket socket) throws Exception {
    StringBuilder last = new StringBuilder();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        last.append((char) next);
      }
    } catch (SocketException e) {
      return "reset";
    }
    return last.toString();
  }
}
