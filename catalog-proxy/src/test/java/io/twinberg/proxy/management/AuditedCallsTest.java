package io.twinberg.proxy.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.twinberg.audit.BegunActions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the management API records of the calls that it gets. */
class AuditedCallsTest extends AuditRoutesSuite {
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
  private void verifyWhoseEndCannotBeRecorded() {
    whileHandled = () -> sql("alter table audit_entry rename to gone");
    try {
      post("{\"kind\":\"verify\",\"source\":\"prod\",\"destination\":\"eu\"}").statusCode(202);
    } finally {
      sql("alter table gone rename to audit_entry");
    }
    assertThat(management.registry().counter("audit.outcomes.unrecorded").count()).isEqualTo(1);
    get("?kind=management").body("entries", empty());
  }

  @Test
  void changeWhoseEndCannotBeRecorded_isRecordedWholeOnceThatIsPossible() {
    verifyWhoseEndCannotBeRecorded();

    management.ends().retry();
    management.ends().retry();

    get("?kind=management&source=prod&destination=eu")
        .body("entries.outcome", contains("done"))
        .body("entries.actor", contains("ops"))
        .body("entries[0].details.status", is(202))
        .body("entries[0].details.after.target.destination", is("eu"));
    assertThat(rows("audit_begun")).isZero();
  }

  /** Its process ends, too, and knows no more. */
  @Test
  void changeWhoseEndIsNeverRecorded_isAnEntryWithAnUnknownOutcome() {
    verifyWhoseEndCannotBeRecorded();

    clock.step(Duration.ofMinutes(11));
    new BegunActions(database, clock).giveUp(ActionAudit::scope);

    get("?kind=management")
        .body("entries.outcome", contains("unknown"))
        .body("entries.actor", contains("ops"))
        .body("entries.source", contains(nullValue()));
  }

  @Test
  void changeOfARuleWhoseEndIsNeverRecorded_isFoundByWhatItsPathNames() {
    String rule = "/management/v1/sources/prod/namespaces/sales%1Feu/tables/orders/replication";
    BegunActions begun = new BegunActions(database, clock);
    begun.begin("boss", "PUT " + RulePath.TABLE, rule);
    begun.begin("boss", "PUT " + RulePath.TABLE, rule.replace("orders", "orders%"));
    clock.step(Duration.ofMinutes(11));
    begun.giveUp(ActionAudit::scope);

    get("?kind=management&source=prod&namespace=sales%1Feu&table=orders")
        .body("entries.outcome", contains("unknown"))
        .body("entries.subject", contains(rule));
    get("?kind=management").body("entries.outcome", contains("unknown", "unknown"));
  }
}
