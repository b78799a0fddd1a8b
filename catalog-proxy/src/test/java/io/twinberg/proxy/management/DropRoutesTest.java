package io.twinberg.proxy.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import io.restassured.response.ValidatableResponse;
import io.twinberg.audit.AuditEntry;
import io.twinberg.audit.AuditFilter;
import io.twinberg.audit.AuditLog;
import io.twinberg.log.SourceTable;
import io.twinberg.operation.OperationRequest;
import io.twinberg.replica.Replica;
import io.twinberg.testing.OnEveryDatabase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A drop takes two calls, over real HTTP. */
@OnEveryDatabase
class DropRoutesTest extends OperationRoutesSuite {
  @BeforeEach
  void publishAndUncover() {
    world.publish(replica, world.commit(table), "s3://eu/m1.json");
    world.replicas().unmatched(replica.id());
  }

  private ValidatableResponse drop(String token, String table, String more) {
    return post(
        token,
        """
        {"kind":"drop","source":"prod","destination":"eu","namespace":["sales","eu"],"table":"%s"%s}
        """
            .formatted(table, more));
  }

  private String shownToken() {
    return drop("s-boss", "orders", "").statusCode(409).extract().path("drop.confirm");
  }

  private static String confirm(String token) {
    return ",\"confirm\":\"" + token + "\"";
  }

  private void assertNothingAsked() {
    assertThat(log.newest(Optional.empty(), 1)).isEmpty();
    assertThat(waits).hasValue(0);
  }

  @Test
  void drop_unconfirmed_saysWhatWouldGo() {
    drop("s-boss", "orders", "")
        .statusCode(409)
        .body("error.type", is("ConflictException"))
        .body("error.message", containsString("Dropping sales.eu.orders (unmatched)"))
        .body("error.message", containsString("removes all its files below " + replica.folder()))
        .body("error.message", containsString("1 versions of it were published, the last one"))
        .body("error.message", containsString("s3://eu/m1.json"))
        .body("drop.confirm", notNullValue())
        .body("drop.replicaId", is(replica.id()))
        .body("drop.source", is("prod"))
        .body("drop.destination", is("eu"))
        .body("drop.namespace", contains("sales", "eu"))
        .body("drop.table", is("orders"))
        .body("drop.lifecycle", is("unmatched"))
        .body("drop.folder", is(replica.folder()))
        .body("drop.metadataLocation", is("s3://eu/m1.json"))
        .body("drop.versions", is(1));
    assertNothingAsked();
  }

  /** Neither what is pruned nor what a recovery does not bring back makes it look like less. */
  @Test
  void drop_ofWhatHasNoReceipts_isShownWithAllItsVersions() {
    world.publish(replica, world.commit(table), "s3://eu/m2.json");
    database.jdbi().useHandle(handle -> handle.execute("delete from receipt"));

    drop("s-boss", "orders", "")
        .statusCode(409)
        .body("error.message", containsString("2 versions of it were published"))
        .body("drop.versions", is(2))
        .body("drop.metadataLocation", is("s3://eu/m2.json"));
  }

  @Test
  void operator_whoMayAskForAllElse_isToldThatADropTakesAnAdmin() {
    drop("s-ops", "orders", "")
        .statusCode(403)
        .body("error.message", is("The token ops lacks the grant manage:admin."));
    post("s-ops", "{\"kind\":\"retry\",\"destination\":\"eu\"}").statusCode(202);
  }

  @Test
  void drop_confirmed_isAcceptedForTheReplicaThatWasShown() {
    String token = shownToken();

    ValidatableResponse answer =
        drop("s-boss", "orders", confirm(token))
            .statusCode(202)
            .body("kind", is("drop"))
            .body("state", is("requested"))
            .body("requestedBy", is("boss"))
            .body("target.table", is("orders"));

    String id = answer.extract().path("id");
    answer.header("Location", is(OPERATIONS + "/" + id));
    assertThat(waits).hasValue(1);
    OperationRequest.Drop request = (OperationRequest.Drop) log.find(id).orElseThrow().request();
    assertThat(request.replicaId()).isEqualTo(replica.id());
    assertThat(request.generation()).isEqualTo(1);
  }

  @Test
  void drop_confirmedAndRefused_isInTheAudit() {
    drop("s-boss", "orders", confirm(shownToken())).statusCode(202);

    List<AuditEntry> entries =
        new AuditLog(database, clock).oldest(AuditFilter.ALL, Optional.empty(), 100);
    assertThat(entries)
        .filteredOn(entry -> entry.event().action().equals("POST " + OPERATIONS))
        .extracting(entry -> entry.event().details().path("status").asInt())
        .containsExactly(409, 202);
    assertThat(entries)
        .filteredOn(entry -> entry.event().action().equals("requested"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.event().actor()).contains("boss");
              assertThat(entry.event().subject()).startsWith("drop of table sales.eu.orders");
              assertThat(entry.event().scope().destination()).contains("eu");
            });
  }

  @Test
  void token_ofAnEarlierState_isStaleAndTheNewOneIsGiven() {
    String unmatched = shownToken();
    world.replicas().sourceDropped(table.id());

    String dropped =
        drop("s-boss", "orders", confirm(unmatched))
            .statusCode(412)
            .body("error.type", is("PreconditionFailedException"))
            .body("error.message", containsString("the replica has changed since"))
            .body("drop.lifecycle", is("source-dropped"))
            .extract()
            .path("drop.confirm");
    assertNothingAsked();
    world.publish(replica, world.commit(table), "s3://eu/m2.json");
    String published =
        drop("s-boss", "orders", confirm(dropped)).statusCode(412).extract().path("drop.confirm");
    assertNothingAsked();

    drop("s-boss", "orders", confirm(published)).statusCode(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "' or 1=1 --", "\\uFFFF", "ü"})
  void token_thatIsWrong_isRefusedLikeAStaleOne(String token) {
    drop("s-boss", "orders", confirm(token)).statusCode(412).body("drop.table", is("orders"));
    assertNothingAsked();
  }

  @Test
  void drop_ofWhatFollowsItsTable_isRefusedWithTheWayOut() {
    world.replicas().renamed(replica.id(), ORDERS);
    drop("s-boss", "orders", "")
        .statusCode(409)
        .body("error.message", containsString("disable the rule that covers it first"));
    drop("s-boss", "orders", confirm("x")).statusCode(409);
    assertNothingAsked();
  }

  /** Both are replicas of a table that the source calls orders. */
  @Test
  void name_thatTwoReplicasAnswerTo_meansTheOneThatBearsIt() {
    world.replicas().archive(replica.id());
    SourceTable successor = world.table("prod", ORDERS);
    Replica next = world.replica(successor, "eu");
    drop("s-boss", "orders", "").statusCode(409).body("error.message", containsString("follows"));

    drop("s-boss", "orders__archived_" + replica.id(), "")
        .statusCode(409)
        .body("drop.replicaId", is(replica.id()))
        .body("drop.lifecycle", is("archived"));
    world.replicas().archive(next.id());
    drop("s-boss", "orders", "")
        .statusCode(409)
        .body("error.message", containsString("there are several replicas"))
        .body("error.message", containsString("orders__archived_" + next.id()));
    assertNothingAsked();
  }

  @ParameterizedTest
  @CsvSource({"s-ops,403", "s-eyes,403", "s-reader,403", "none,401"})
  void caller_withoutTheRole_isNotTold(String token, int status) {
    String body = drop(token, "orders", "").statusCode(status).extract().asString();
    assertThat(body).doesNotContain("confirm", replica.folder());
    drop(token, "orders", confirm(shownToken())).statusCode(status);
    assertNothingAsked();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`{\"kind\":\"drop\"}`,400,`drop needs a source, a destination and a table`",
        "`{\"kind\":\"drop\",\"all\":true}`,400,`drop needs a source, a destination and a table`",
        "`{\"kind\":\"drop\",\"source\":\"prod\",\"destination\":\"eu\"}`,400,it is about one replica",
        "`{\"kind\":\"drop\",\"source\":\"prod\",\"destination\":\"us\",\"namespace\":[\"sales\",\"eu\"],\"table\":\"orders\"}`,404,There is no replica of table sales.eu.orders",
        "`{\"kind\":\"drop\",\"source\":\"test\",\"destination\":\"eu\",\"namespace\":[\"sales\",\"eu\"],\"table\":\"orders\"}`,404,There is no replica of",
        "`{\"kind\":\"drop\",\"source\":\"prod\",\"destination\":\"eux\",\"namespace\":[\"s\"],\"table\":\"o\"}`,404,did you mean 'eu'?",
        "`{\"kind\":\"drop\",\"confirm\":7}`,400,confirm must be a text",
        "`{\"kind\":\"drop\",\"rows\":\"all\"}`,400,drop has no rows",
        "`{\"kind\":\"retry\",\"destination\":\"eu\",\"confirm\":\"x\"}`,400,retry needs no confirm"
      })
  void request_thatIsWrong_isRefusedWithTheReason(String body, int status, String message) {
    post("s-boss", body).statusCode(status).body("error.message", containsString(message));
    assertNothingAsked();
  }
}
