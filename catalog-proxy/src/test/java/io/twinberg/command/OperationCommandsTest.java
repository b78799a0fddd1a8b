package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.Outcome;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.rule.RuleEdit;
import io.twinberg.rule.RuleScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

/** The commands that ask for operations, and those that show and cancel them. */
class OperationCommandsTest extends OperationCommandSuite {
  private static final String CLEAN =
      """
      {"ok":true,"replicas":1,"reports":[{"destination":"eu","namespace":["sales"],"table":"orders","ok":true,
       "counts":{"snapshots":3,"manifests":4,"dataFiles":5,"deleteFiles":0},"violationCount":0,"violations":[],
       "notComparedCount":1,"notCompared":[{"what":"snapshot 7","reason":"the source has expired it"}],
       "rows":[{"snapshotId":9,"rows":12,"checksum":"ab"}],"notes":["so much for rows"]}],
       "unfinished":[],"unpublished":[]}
      """;
  private static final String DAMAGED =
      """
      {"ok":false,"replicas":1,"reports":[{"destination":"eu","namespace":["sales"],"table":"orders","ok":false,
       "counts":{"snapshots":1,"manifests":1,"dataFiles":1,"deleteFiles":0},"violationCount":21,
       "violations":[{"kind":"file-missing","path":"s3://r/f\\u001b[2J","expected":"a file","actual":"none"}],
       "notComparedCount":0,"notCompared":[],"rows":[],"notes":[]}],
       "unfinished":[{"destination":"eu","namespace":["a"],"table":"b","reason":"no network"}],
       "unpublished":[{"destination":"eu","namespace":["c"],"table":"d"}]}
      """;
  private static final String PLANNED =
      """
      {"ok":false,"tables":3,"replicas":1,"begin":1,
       "total":{"snapshots":3,"manifests":4,"dataFiles":5,"deleteFiles":1,"statisticsFiles":0,"files":6,"bytes":9000000},
       "toCopy":{"snapshots":1,"manifests":1,"dataFiles":1,"deleteFiles":0,"statisticsFiles":0,"files":1,"bytes":512},
       "destinations":[],"reports":[{"namespace":["sales"],"table":"or\\u001bders","destination":"eu","replicaId":null,
       "total":{"snapshots":3,"manifests":4,"dataFiles":5,"deleteFiles":1,"statisticsFiles":0,"files":6,"bytes":9000000},
       "toCopy":{"snapshots":1,"manifests":1,"dataFiles":1,"deleteFiles":0,"statisticsFiles":0,"files":1,"bytes":512}}],
       "reportsLeftOut":7,"problemCount":1,
       "problems":[{"namespace":["sales"],"table":"bad","destination":"eu","code":"UNSUPPORTED","message":"no\\nway","file":null}],
       "notes":["not all"]}
      """;

  OperationCommandsTest() {
    super("manage:operator", Outcome.completed("1 replica verified, 0 violations", CLEAN));
  }

  private Ran run(String command, String... arguments) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(connection());
    line.addAll(List.of(arguments));
    return run(Main.commandLine(), line);
  }

  @Test
  void verify_clean_saysWhatWasChecked() {
    Ran ran = run("verify");

    assertThat(ran.out())
        .isEqualTo(
            """
            ok    sales.orders at eu: 3 snapshots, 4 manifests, 5 data files, 0 delete files
                  snapshot 9: 12 rows, checksum ab
                  not compared: snapshot 7: the source has expired it
            note: so much for rows
            1 replica verified, 0 violations
            """);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void verify_damaged_namesFilesAndExitsWithOne() {
    outcome = Outcome.completed("it is bad", DAMAGED);

    Ran ran = run("verify", "--destination", "eu");

    assertThat(ran.out())
        .isEqualTo(
            """
            WRONG sales.orders at eu: 1 snapshots, 1 manifests, 1 data files, 0 delete files
                  file-missing  s3://r/f?[2J
                    expected a file
                    found    none
                  and 1 more, see --json
            ?     a.b at eu: no network
            -     c.d at eu: not published yet
            it is bad
            """);
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void verify_failed_exitsWithOne() {
    outcome = Outcome.failed("given up");
    Ran ran = run("verify");
    assertThat(ran.out()).isEqualTo("given up\n");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void verify_selection_isAskedForAsItWasTyped() throws Exception {
    Ran ran =
        run(
            "verify",
            "--json",
            "--source=prod",
            "--destination=eu",
            "--table=sales.orders",
            "--rows=all");

    JsonNode json = new ObjectMapper().readTree(ran.out());
    assertThat(json.path("state").asText()).isEqualTo("completed");
    assertThat(json.path("result").path("replicas").asInt()).isEqualTo(1);
    OperationRequest request = log.newest(Optional.empty(), 1).get(0).request();
    assertThat(request.target()).hasToString("table sales.orders, source prod, destination eu");
    assertThat(json.path("rows").asText()).isEqualTo("all");
  }

  @Test
  void verify_noWait_leavesTheOperationsId() {
    Ran ran = run("verify", "--no-wait");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out().strip()).isEqualTo(log.newest(Optional.empty(), 1).get(0).id());
  }

  @Test
  void retry_ofAReplica_saysThatItIsTried() {
    outcome = Outcome.completed("1 replica is tried again now", "{\"ok\":true}");
    Ran ran = run("retry", "--destination", "eu", "--table", "sales.orders");
    assertThat(ran.out()).isEqualTo("1 replica is tried again now\n");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void pause_ofADestination_waitsAndSaysWhatCameOfIt() {
    outcome = Outcome.completed("1 replica paused at destination eu", "{\"ok\":true}");
    Ran ran = run("pause", "--destination", "eu");
    assertThat(ran.out()).isEqualTo("1 replica paused at destination eu\n");
    assertThat(ran.exitCode()).isZero();
    OperationRequest request = log.newest(Optional.empty(), 1).get(0).request();
    assertThat(request).isInstanceOf(OperationRequest.Pause.class);

    outcome = Outcome.failed("it did not go");
    Ran all = run("resume", "--all", "--json");
    assertThat(all.out()).contains("\"kind\":\"resume\"", "it did not go");
    assertThat(all.exitCode()).isEqualTo(1);
  }

  @Test
  void plan_counted_showsTablesAndWhatIsNotPossible() {
    outcome = Outcome.completed("1 file to copy", PLANNED);

    Ran ran = run("plan", "--source", "prod", "--to", "eu", "--namespace", "sales.e%2Eu");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .isEqualTo(
            """
            TABLE          DESTINATION  SNAPSHOTS  FILES  SIZE     FILES TO COPY  TO COPY
            sales.or?ders  eu           3          6      8.6 MiB  1              512 B
            and 7 more, with less to copy

            not possible: sales.bad at eu: UNSUPPORTED: no?way
            note: not all
            1 file to copy
            """);
    assertThat(ran.exitCode()).isEqualTo(1);
    OperationRequest.Plan request =
        (OperationRequest.Plan) log.newest(Optional.empty(), 1).get(0).request();
    assertThat(request.scope())
        .isEqualTo(RuleScope.namespace("prod", Namespace.of("sales", "e.u")));
    assertThat(request.rule()).contains(new RuleEdit.Body(true, "{\"destinations\":[\"eu\"]}"));
    assertThat(run("operations", log.newest(Optional.empty(), 1).get(0).id()).out())
        .contains("sales.e.u.* of prod", "8.6 MiB");
  }

  @Test
  void plan_ofARuleInAFile_asksForJustThat() throws Exception {
    Path rule = folder.resolve("rule.yaml");
    Files.writeString(rule, "destinations: [eu]\nexcept: ['tmp_*']\n");
    outcome = Outcome.completed("nothing to copy", "{\"ok\":true}");

    Ran ran =
        run("plan", "--source=prod", "--table=sales.orders", "--destination=eu", "--rule=" + rule);

    assertThat(ran).isEqualTo(new Ran(0, "nothing to copy\n", ""));
    assertThat(log.newest(Optional.empty(), 1).get(0).request())
        .isEqualTo(
            new OperationRequest.Plan(
                RuleScope.table("prod", TableIdentifier.of("sales", "orders")),
                Optional.of("eu"),
                Optional.of(
                    new RuleEdit.Body(
                        true, "{\"destinations\":[\"eu\"],\"except\":[\"tmp_*\"]}"))));
  }

  @Test
  void refresh_noWait_isCalledOff() {
    outcome = Outcome.completed("seen", "{\"ok\":true}");
    String ended = run("refresh", "--source", "prod", "--no-wait").out().strip();
    assertThat(run("operations", "cancel", ended).out()).isEqualTo("it is completed\n");

    String waiting = log.request(new OperationRequest.Retry(ReplicaTarget.ALL), "ops").id();
    Ran ran = run("operations", "cancel", waiting);
    assertThat(ran.out()).isEqualTo("it is cancelled\n");
    assertThat(ran.exitCode()).isZero();
    assertThat(run("operations", waiting).exitCode()).isEqualTo(1);
  }

  @Test
  void operations_areListedAndOneIsShownWhole() {
    outcome = Outcome.completed("it is bad", DAMAGED);
    run("verify", "--destination", "eu");
    String id = log.newest(Optional.empty(), 1).get(0).id();

    assertThat(run("operations").out().lines().map(line -> line.replace(id, "ID")))
        .hasSize(2)
        .last()
        .asString()
        .matches("ID +verify +all at eu +completed +2026-03-01T10:00:00Z +ops +it is bad");
    Ran one = run("operations", id);
    assertThat(one.out()).contains("WRONG sales.orders", "it is bad");
    assertThat(one.exitCode()).isEqualTo(1);
    assertThat(run("operations", "--json", id).out()).contains("\"file-missing\"");
  }

  @Test
  void operations_none_saysSo() {
    assertThat(run("operations").out()).isEqualTo("no operations\n");
  }

  @Test
  void whatIsWrong_exitsWithTwoAndSaysHowItIsRight() {
    assertWrong(run("verify", "--destination", "eux"), "did you mean 'eu'?");
    assertWrong(run("verify", "--table", "orders"), "write namespace.table");
    assertWrong(run("verify", "--table", "sales.nothing"), "There is no replica of table");
    assertWrong(run("verify", "--rows", "some"), "none, current or all");
    assertWrong(run("retry"), "for everything send \"all\": true (--all)");
    assertWrong(run("pause"), "pause needs a source");
    assertWrong(run("pause", "--all", "--source", "prod"), "all stands alone");
    assertWrong(run("resume", "--destination", "eux"), "did you mean 'eu'?");
    assertWrong(run("refresh"), "refresh needs a source");
    assertWrong(run("plan"), "Missing required option: '--source=NAME'");
    assertWrong(run("plan", "--source", "prd"), "did you mean 'prod'?");
    assertWrong(run("plan", "--source", "prod", "--to", "eux"), "did you mean 'eu'?");
    assertWrong(
        run("plan", "--source", "prod", "--to", "eu", "--rule", "r.yaml"), "--to or with --rule");
    assertWrong(
        run("plan", "--source", "prod", "--namespace", "a", "--table", "a.b"),
        "--namespace or --table");
    assertWrong(run("operations", "cancel", "nothing"), "There is no operation 'nothing'");
    assertWrong(run("operations", "nothing"), "There is no operation 'nothing'");
    assertWrong(run("operations", "--last", "0"), "pageSize must be");
  }

  @Test
  void server_thatIsNotThere_exitsWithThree() {
    Ran ran = run(Main.commandLine(), List.of("verify", "--management", "http://127.0.0.1:1"));
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("cannot reach", "--management");
  }
}
