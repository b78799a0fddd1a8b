package io.twinberg.command;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.Response;
import io.twinberg.database.Database;
import io.twinberg.log.SourceTable;
import io.twinberg.log.TableVersion;
import io.twinberg.proxy.management.ManagementListener;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The status command against a real listener. */
class StatusCommandTest {
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");

  private record Ran(int exitCode, String out, String err) {}

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private Database database;
  private ReplicaWorld world;
  private ManagementListener listener;

  @BeforeEach
  void start() {
    database = Databases.h2(folder);
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    listener = new TestingManagement(database, clock).token("eyes", "manage:viewer").start();
  }

  @AfterEach
  void stop() {
    listener.close();
    database.close();
  }

  private Ran status(String... arguments) {
    return of("status", arguments);
  }

  private Ran of(String command, String... arguments) {
    List<String> all = new ArrayList<>();
    all.add(command);
    all.addAll(List.of("--management", "http://127.0.0.1:" + listener.port()));
    all.addAll(List.of("--token", "s-eyes"));
    all.addAll(List.of(arguments));
    return run(all);
  }

  private static Ran run(List<String> line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(line.toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  private Replica published(String source, TableIdentifier name) {
    SourceTable table = world.table(source, name);
    Replica replica = world.replica(table, "eu");
    TableVersion version = world.commit(table);
    world.checked(table);
    return world.publish(replica, version, "s3://replica/1.metadata.json");
  }

  @Test
  void table_isAlignedWithASummary() {
    published("prod", ORDERS);
    SourceTable behind = world.table("prod", TableIdentifier.of("sales", "returned_items"));
    world.replica(behind, "eu");
    world.commit(behind);
    world.commit(behind);
    clock.step(Duration.ofSeconds(42));

    Ran ran = status();

    assertThat(ran.out())
        .isEqualTo(
            """
            TABLE                 SOURCE  DESTINATION  STATE      LAG              LAST APPLIED          ERROR
            sales.orders          prod    eu           completed  0                2026-03-01T10:00:00Z  -
            sales.returned_items  prod    eu           pending    2 versions, 42s  -                     -

            2 replicas: 1 completed, 1 pending
            """);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void filtersAndSort_ofTheCommandLine_areTheApis() {
    published("prod", ORDERS);
    SourceTable late = world.table("prod", TableIdentifier.of("sales", "returns"));
    world.replica(late, "eu");
    world.commit(late);
    published("prod", TableIdentifier.of("hr", "people"));
    clock.step(Duration.ofMinutes(20));

    assertThat(tables(status("--namespace", "sales", "--sort", "lag", "--desc")))
        .containsExactly("sales.returns", "sales.orders");
    assertThat(tables(status("--name-prefix", "peo"))).containsExactly("hr.people");
    assertThat(tables(status("--name-contains", "rder"))).containsExactly("sales.orders");
    assertThat(tables(status("--min-lag", "15m"))).containsExactly("sales.returns");
    assertThat(tables(status("--paused"))).isEmpty();
    assertThat(tables(status("--needs-person", "--lifecycle", "active"))).isEmpty();
    assertThat(status("--sort", "size"))
        .isEqualTo(
            new Ran(2, "", "sort must be one of name, state, lag, lastApplied, not 'size'\n"));
  }

  /** It was on a page that was read and passes to one to come: sorted pages would show it twice. */
  @ParameterizedTest
  @CsvSource({"lag,true", "lastApplied,false", "state,true"})
  void pages_sortedByWhatChangesMeanwhile_showEveryReplicaOnceInOrder(
      String sort, boolean descending) {
    SourceTable moving = world.table("prod", TableIdentifier.of("a", "moving"));
    Replica replica = world.replica(moving, "eu");
    TableVersion version = world.commit(moving);
    clock.step(Duration.ofMinutes(1));
    published("prod", ORDERS);
    published("prod", TableIdentifier.of("sales", "returns"));
    SourceTable late = world.table("prod", TableIdentifier.of("n", "late"));
    world.replica(late, "eu");
    world.commit(late);

    AtomicBoolean moved = new AtomicBoolean();
    try (FakeUpstream between = new FakeUpstream()) {
      between.replies(
          request -> {
            if (request.target().contains("pageToken=") && !moved.getAndSet(true)) {
              clock.step(Duration.ofMinutes(1));
              world.publish(replica, version, "s3://replica/1.metadata.json");
              world.checked(moving);
            }
            return asked(request.target());
          });
      StatusClient client =
          new StatusClient(
              new ManagementClient(
                  URI.create("http://127.0.0.1:" + between.uri().getPort()), Optional.empty()),
              2);
      StatusClient.Filter all =
          new StatusClient.Filter(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Map.of(),
              new StatusOrder(Optional.of(sort), descending));

      assertThat(client.all(all).findValuesAsText("table"))
          .containsExactlyInAnyOrder("late", "moving", "orders", "returns");
      assertThat(client.all(all).findValuesAsText("table"))
          .isEqualTo(
              new StatusClient(
                      new ManagementClient(
                          URI.create("http://127.0.0.1:" + listener.port()), Optional.of("s-eyes")))
                  .all(all)
                  .findValuesAsText("table"));
    }
    assertThat(moved).isTrue();
  }

  private FakeUpstream.Reply asked(String target) {
    Response answer =
        given()
            .urlEncodingEnabled(false)
            .header("Authorization", "Bearer s-eyes")
            .get("http://127.0.0.1:" + listener.port() + target);
    return FakeUpstream.Reply.json(answer.statusCode(), answer.asString());
  }

  private static List<String> tables(Ran ran) {
    assertThat(ran.exitCode()).isZero();
    return ran.out()
        .lines()
        .filter(line -> line.contains(" prod "))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  @Test
  void destinations_areSummedUpAndOneBeyondItsObjectiveExitsWithOne() {
    published("prod", ORDERS);
    assertThat(of("destinations").exitCode()).isZero();
    SourceTable late = world.table("prod", TableIdentifier.of("sales", "returns"));
    world.replica(late, "eu");
    world.commit(late);
    clock.step(Duration.ofMinutes(20));
    assertThat(of("destinations"))
        .isEqualTo(
            new Ran(
                1,
                """
                DESTINATION  REPLICAS  FAILED  LAG      P50 OF AN HOUR  P99 OF AN HOUR  OBJECTIVE  MET IN A DAY
                eu           2         0       1200.0s  0.0s            0.0s            900.0s     100.00%
                us           0         0       0.0s     -               -               -          -
                """,
                ""));
    assertThat(of("destinations", "--json").out())
        .startsWith("{\"destinations\":[{\"name\":\"eu\"");
  }

  @Test
  void sources_areSummedUp() {
    published("prod", ORDERS);
    clock.step(Duration.ofSeconds(16));
    assertThat(of("sources"))
        .isEqualTo(
            new Ran(
                0,
                """
                SOURCE  KIND      TABLES  NEVER CHECKED  OLDEST CHECK  OPEN COMMITS  FAILED  LAG   P50 OF AN HOUR  P99 OF AN HOUR  MET IN A DAY
                prod    rest      1       0              16s ago       0             0       0.0s  0.0s            0.0s            100.00%
                test    embedded  0       0              -             0             0       0.0s  -               -               -
                """,
                ""));
    assertThat(of("sources", "--json").out()).startsWith("{\"sources\":[");
  }

  @Test
  void failedReplica_isExplainedAndExitsWithOne() {
    world.fail(published("prod", ORDERS), "UNSUPPORTED", true);
    published("prod", TableIdentifier.of("sales", "fine"));

    assertThat(status().exitCode()).isEqualTo(1);
    assertThat(status().out())
        .contains(
            "failed (needs a person)",
            "UNSUPPORTED: it broke",
            "What to do\nUNSUPPORTED: wait for a version of Twinberg that can");
    assertThat(status("--state", "completed").exitCode()).isZero();
    assertThat(status("sales.orders").exitCode()).isEqualTo(1);
    assertThat(status("sales.fine").exitCode()).isZero();
    assertThat(status("sales.orders", "--state", "completed").out()).isEqualTo("0 replicas\n");
  }

  @Test
  void givenUpReplica_saysSoAndWhatLetsItGoOn() {
    Replica replica = published("prod", ORDERS);
    world.fail(replica, "CORRUPT", true);
    assertThat(status().out()).doesNotContain("given up", "Given up");

    world.giveUp(replica, "CORRUPT");
    assertThat(status().out())
        .contains(
            "failed (needs a person, given up after 2 attempts)",
            "CORRUPT: repair the source table, then run twinberg retry\n"
                + "Given up: the table's next version or twinberg retry lets it be tried again\n");
  }

  @Test
  void json_isTheApisOwnOverAllPages() throws Exception {
    for (int i = 0; i < 1001; i++) {
      world.replica(world.table("prod", TableIdentifier.of("n", "t" + i)), "eu");
    }

    Ran ran = status("--json");

    JsonNode json = new ObjectMapper().readTree(ran.out());
    assertThat(json.path("replicas")).hasSize(1001);
    assertThat(json.path("replicas").findValuesAsText("table")).doesNotHaveDuplicates();
    assertThat(json.path("counts").path("pending").asInt()).isEqualTo(1001);
    assertThat(json.path("nextPageToken").isNull()).isTrue();
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void oneTable_isFoundWhateverItsNameAndSource() throws Exception {
    published("test", TableIdentifier.of("a.b", "c d/e"));

    assertThat(status("a%2Eb.c d/e").out()).contains("a.b.c d/e", "test", "1 replica: 1 completed");
    JsonNode json = new ObjectMapper().readTree(status("--json", "a%2Eb.c d/e").out());
    assertThat(json.path("table").asText()).isEqualTo("c d/e");
    assertThat(json.path("replicas")).hasSize(1);
  }

  @Test
  void oneTable_atTwoSources_mustBeChosen() {
    published("prod", ORDERS);
    world.table("test", ORDERS);

    assertThat(status("sales.orders").exitCode()).isEqualTo(2);
    assertThat(status("sales.orders").err()).contains("--source");
    assertThat(status("sales.orders", "--source", "prod").exitCode()).isZero();
  }

  @Test
  void whatIsWrong_exitsWithTwoAndSaysHowItIsRight() {
    world.table("prod", ORDERS);
    assertWrong(status("--state", "broken"), "state must be one of");
    assertWrong(status("--source", "prd"), "did you mean 'prod'?");
    assertWrong(status("sales.ordres"), "did you mean 'sales.orders'?");
    assertWrong(status("orders"), "write namespace.table");
    assertWrong(status("--nonsense"), "--nonsense");
    assertWrong(status("--management", "ftp://x"), "specified only once");
    assertWrong(run(List.of("status", "--management", "ftp://x")), "--management");
  }

  @Test
  void token_thatIsWrong_exitsWithTwoAndIsNotShown() {
    String base = "http://127.0.0.1:" + listener.port();
    assertWrong(
        run(List.of("status", "--management", base, "--token", "s-other")), "token is not known");
    Ran malformed = run(List.of("status", "--management", base, "--token", "s\necret"));
    assertWrong(malformed, "--token");
    assertThat(malformed.err()).doesNotContain("ecret");
  }

  private static void assertWrong(Ran ran, String message) {
    assertThat(ran.err()).contains(message);
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void server_thatIsNotThere_exitsWithThreeAndSaysWhereItTried() {
    listener.close();
    String base = "http://127.0.0.1:1";
    Ran ran = run(List.of("status", "--management", base));
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("cannot reach", base, "--management");
  }

  @Test
  void namesWithControlCharacters_cannotSteerTheTerminal() {
    published("prod", TableIdentifier.of("n", "evil\u001b[2J\n"));
    assertThat(status().out()).contains("n.evil?[2J?  prod").doesNotContain("\u001b");
  }

  @Test
  void help_listsTheExitCodes() {
    Ran ran = run(List.of("status", "--help"));
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .contains("Exit codes:", "1   a replica shown has failed", "TWINBERG_TOKEN");
  }
}
