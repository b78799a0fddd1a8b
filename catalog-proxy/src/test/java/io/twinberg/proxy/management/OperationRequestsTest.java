package io.twinberg.proxy.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.RowScope;
import io.twinberg.rule.RuleEdit;
import io.twinberg.rule.RuleScope;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be asked for, and how what is wrong is refused. */
class OperationRequestsTest extends OperationRoutesSuite {
  private ValidatableResponse post(String body) {
    return post("s-ops", body);
  }

  @Test
  void verify_asked_isAcceptedAndWaits() {
    String id =
        post("""
            {"kind":"verify","destination":"eu","namespace":["sales","eu"],"table":"orders","rows":"current"}
            """)
            .statusCode(202)
            .body("kind", is("verify"))
            .body("state", is("requested"))
            .body("rows", is("current"))
            .body("target.destination", is("eu"))
            .body("target.source", nullValue())
            .body("target.namespace", contains("sales", "eu"))
            .body("target.table", is("orders"))
            .body("requestedBy", is("ops"))
            .body("requestedAt", is("2026-03-01T10:00:00Z"))
            .body("result", nullValue())
            .extract()
            .path("id");

    assertThat(waits).hasValue(1);
    assertThat(log.find(id).orElseThrow().request())
        .isEqualTo(
            new OperationRequest.Verify(
                new ReplicaTarget(Optional.empty(), Optional.of("eu"), Optional.of(ORDERS)),
                RowScope.CURRENT));
    caller("s-eyes").get(OPERATIONS + "/" + id).then().statusCode(200).body("id", is(id));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`{\"kind\":\"pause\",\"destination\":\"eu\"}`,destination eu",
        "`{\"kind\":\"pause\",\"all\":true}`,all replicas",
        "`{\"kind\":\"resume\",\"source\":\"prod\",\"destination\":\"eu\"}`,`source prod, destination eu`",
        "`{\"kind\":\"retry\",\"destination\":\"eu\"}`,destination eu",
        "`{\"kind\":\"refresh\",\"source\":\"test\"}`,source test",
        "`{\"kind\":\"resync\",\"namespace\":[\"sales\",\"eu\"],\"table\":\"orders\"}`,table sales.eu.orders",
        "`{\"kind\":\"refresh\",\"source\":\"prod\",\"namespace\":[\"new\"],\"table\":\"t\"}`,`table new.t, source prod`"
      })
  void action_asked_isAcceptedWithItsLocation(String body, String target) {
    ValidatableResponse answer = post(body).statusCode(202).body("state", is("requested"));

    String id = answer.extract().path("id");
    answer.header("Location", is(OPERATIONS + "/" + id));
    assertThat(log.find(id).orElseThrow().request().target()).hasToString(target);
    assertThat(body).contains(log.find(id).orElseThrow().request().kind().word());
  }

  @Test
  void plan_asIfARuleWerePut_keepsTheRule() {
    ValidatableResponse answer =
        post("""
            {"kind":"plan","source":"prod","namespace":["sales","eu"],"destination":"eu",
             "rule":{"destinations":["eu"],"except":["tmp_*"],"status":"enabled"}}
            """)
            .statusCode(202)
            .body("kind", is("plan"))
            .body("target.source", is("prod"))
            .body("target.destination", is("eu"))
            .body("target.namespace", contains("sales", "eu"))
            .body("target.table", nullValue())
            .body("rule.except", contains("tmp_*"))
            .body("rule.status", is("enabled"));

    String id = answer.extract().path("id");
    OperationRequest.Plan plan = (OperationRequest.Plan) log.find(id).orElseThrow().request();
    assertThat(plan.scope()).isEqualTo(RuleScope.namespace("prod", Namespace.of("sales", "eu")));
    assertThat(plan.rule())
        .contains(new RuleEdit.Body(true, "{\"destinations\":[\"eu\"],\"except\":[\"tmp_*\"]}"));
    assertThat(plan.about()).isEqualTo("namespace sales.eu of prod, destination eu");
    caller("s-eyes")
        .get(OPERATIONS)
        .then()
        .body("operations[0].kind", is("plan"))
        .body("operations[0]", not(hasKey("rule")));
  }

  @Test
  void plan_ofATableWithoutAReplica_isByTheRulesAsTheyAre() {
    String id =
        post("{\"kind\":\"plan\",\"source\":\"prod\",\"namespace\":[\"new\"],\"table\":\"t\"}")
            .statusCode(202)
            .body("rule", nullValue())
            .extract()
            .path("id");
    assertThat(log.find(id).orElseThrow().request())
        .isEqualTo(
            new OperationRequest.Plan(
                RuleScope.table("prod", TableIdentifier.of("new", "t")),
                Optional.empty(),
                Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "{,400,no JSON",
        "[],400,must be a JSON object",
        "{},400,`kind must be one of verify, retry, pause, resume, refresh, resync, plan, drop, not ''`",
        "`{\"kind\":\"pose\"}`,400,`not 'pose'; did you mean 'pause'?`",
        "`{\"kind\":\"pause\"}`,400,`pause needs a source, a destination or a table; for everything send \"all\": true`",
        "`{\"kind\":\"resume\",\"all\":false}`,400,resume needs a source",
        "`{\"kind\":\"pause\",\"all\":\"yes\"}`,400,all must be true or false",
        "`{\"kind\":\"pause\",\"all\":true,\"destination\":\"eu\"}`,400,all stands alone",
        "`{\"kind\":\"pause\",\"destination\":\"eu\",\"rows\":\"all\"}`,400,pause has no rows",
        "`{\"kind\":\"pause\",\"namespace\":[\"a\"],\"table\":\"t\"}`,404,There is no replica of table a.t",
        "`{\"kind\":\"pause\",\"source\":\"' or 1=1 --\"}`,404,There is no source '' or 1=1 --'",
        "`{\"kind\":\"resync\"}`,400,resync needs a source",
        "`{\"kind\":\"refresh\"}`,400,`refresh needs a source, and has no destination`",
        "`{\"kind\":\"refresh\",\"source\":\"prod\",\"destination\":\"eu\"}`,400,has no destination",
        "`{\"kind\":\"plan\"}`,400,plan needs a source",
        "`{\"kind\":\"plan\",\"source\":\"prd\"}`,404,did you mean 'prod'?",
        "`{\"kind\":\"plan\",\"source\":\"prod\",\"all\":true}`,400,all stands alone",
        "`{\"kind\":\"plan\",\"source\":\"prod\",\"rows\":\"all\"}`,400,plan has no rows",
        "`{\"kind\":\"plan\",\"source\":\"prod\",\"table\":\"t\"}`,400,a table needs its namespace",
        "`{\"kind\":\"plan\",\"source\":\"prod\",\"namespace\":[\"tmp_*\"]}`,400,a rule of the API covers one namespace by its exact name",
        "`{\"kind\":\"plan\",\"source\":\"prod\",\"rule\":[]}`,400,the rule must be a JSON object",
        "`{\"kind\":\"plan\",\"source\":\"prod\",\"rule\":{}}`,400,the rule is wrong: 'destinations' is missing",
        "`{\"kind\":\"plan\",\"source\":\"prod\",\"rule\":{\"destinations\":[\"eux\"]}}`,400,there is no destination 'eux'; did you mean 'eu'?",
        "`{\"kind\":\"plan\",\"source\":\"prod\",\"destination\":\"eu\",\"rule\":{\"destinations\":[]}}`,400,the rule does not go to destination 'eu'",
        "`{\"kind\":\"plan\",\"source\":\"prod\",\"rule\":{\"destinations\":[\"eu\"],\"table\":\"t\"}}`,400,the path says what the rule covers",
        "`{\"kind\":\"retry\",\"destination\":\"eu\",\"rule\":{}}`,400,retry has no rule",
        "`{\"kind\":\"verify\",\"row\":\"all\"}`,400,an operation has no [row]",
        "`{\"kind\":\"verify\",\"rows\":\"some\"}`,400,`none, current or all, not 'some'`",
        "`{\"kind\":\"verify\",\"table\":\"t\"}`,400,a table needs its namespace",
        "`{\"kind\":\"verify\",\"namespace\":\"n\",\"table\":\"t\"}`,400,an array of its levels",
        "`{\"kind\":\"verify\",\"destination\":7}`,400,must be a text",
        "`{\"kind\":\"verify\",\"destination\":\"eux\"}`,404,did you mean 'eu'?",
        "`{\"kind\":\"verify\",\"source\":\"prd\"}`,404,did you mean 'prod'?",
        "`{\"kind\":\"verify\",\"namespace\":[\"a\"],\"table\":\"t\"}`,404,There is no replica of table a.t",
        "`{\"kind\":\"retry\"}`,400,retry needs",
        "`{\"kind\":\"retry\",\"destination\":\"eu\",\"namespace\":[\"a\"],\"table\":\"t\"}`,404,There is no replica"
      })
  void request_thatIsWrong_isRefusedWithTheReason(String body, int status, String message) {
    post(body).statusCode(status).body("error.message", containsString(message));
    assertThat(log.newest(Optional.empty(), 1)).isEmpty();
    assertThat(waits).hasValue(0);
  }

  @Test
  void request_whenTooManyWait_isAskedToComeBack() {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    insert into operation (id, kind, state, target, options, requested_by, requested_at)
                    select cast(n as varchar(36)), 'RETRY', 'REQUESTED', '{}', '{}', 'ops', current_timestamp
                    from (select row_number() over () as n from information_schema.columns a
                          cross join information_schema.columns b limit 1000) numbers
                    """));
    post("{\"kind\":\"verify\"}").statusCode(503).header("Retry-After", "1");
  }
}
