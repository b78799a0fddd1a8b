package io.twinberg.proxy.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import io.twinberg.log.SourceTable;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

/** Management actions are found by what they are about, not only by what their path names. */
class AuditedScopesTest extends AuditRoutesSuite {
  private static final String SALES = "/management/v1/sources/prod/namespaces/sales/replication";
  private static final String MANAGEMENT = "?kind=management";

  private ValidatableResponse put(String body, String etag) {
    return caller("s-boss")
        .contentType("application/json")
        .header("If-Match", etag)
        .body(body)
        .put(SALES)
        .then();
  }

  private void create(String destinations) {
    caller("s-boss")
        .contentType("application/json")
        .body("{\"destinations\":[%s]}".formatted(destinations))
        .put(SALES)
        .then()
        .statusCode(201);
  }

  private ValidatableResponse drop(String token, String table) {
    return caller(token)
        .contentType("application/json")
        .body(
            """
            {"kind":"drop","source":"prod","destination":"eu","namespace":["sales"],"table":"%s"}
            """
                .formatted(table))
        .post(OPERATIONS)
        .then();
  }

  @Test
  void changeOfARule_isFoundByEachDestinationBeforeAndAfter() {
    create("\"eu\"");
    get(MANAGEMENT + "&destination=eu")
        .body("entries.action", contains("PUT " + RulePath.NAMESPACE))
        .body("entries[0].destination", is("eu"));
    get(MANAGEMENT + "&destination=us").body("entries", empty());

    put("{\"destinations\":[\"us\"]}", "*").statusCode(200);

    for (String destination : new String[] {"eu", "us"}) {
      get(MANAGEMENT + "&destination=" + destination + "&pageSize=1")
          .body("entries[0].destination", nullValue())
          .body("entries[0].details.before.rule.destinations", contains("eu"))
          .body("entries[0].details.after.rule.destinations", contains("us"));
    }
    get(MANAGEMENT + "&destination=eu").body("entries.details.status", contains(200, 201));
    get(MANAGEMENT + "&destination=us&namespace=sales&actor=boss&source=prod")
        .body("entries.details.status", contains(200));
    get(MANAGEMENT + "&destination=us&actor=ops").body("entries", empty());
  }

  @Test
  void deletedRule_isFoundByTheDestinationsThatItHad() {
    create("\"eu\",\"us\"");
    caller("s-boss").header("If-Match", "*").delete(SALES).then().statusCode(200);

    for (String destination : new String[] {"eu", "us"}) {
      get(MANAGEMENT + "&destination=" + destination)
          .body(
              "entries.action",
              contains("DELETE " + RulePath.NAMESPACE, "PUT " + RulePath.NAMESPACE));
    }
  }

  @Test
  void changeOfARuleThatIsRefused_isFoundByWhatIsAndWhatWasAskedFor() {
    create("\"eu\"");
    put("{\"destinations\":[\"us\"]}", "\"999\"").statusCode(412);

    get(MANAGEMENT + "&destination=us").body("entries.outcome", contains("refused"));
    get(MANAGEMENT + "&destination=eu").body("entries.outcome", contains("refused", "done"));
  }

  @Test
  void pagesAndExport_bringEntriesOfSeveralDestinationsInTheOrderOfTime() {
    create("\"eu\",\"us\"");
    post("{\"kind\":\"pause\",\"destination\":\"us\"}").statusCode(202);
    put("{\"destinations\":[\"us\"]}", "*").statusCode(200);

    String first =
        get(MANAGEMENT + "&destination=us&pageSize=1")
            .body("entries.details.status", contains(200))
            .extract()
            .path("nextPageToken");
    get(MANAGEMENT + "&destination=us&pageSize=5&pageToken=" + first)
        .body("entries.details.status", contains(202, 201));
    String lines =
        caller("s-ops")
            .get(AUDIT + "?kind=management&destination=us&format=ndjson&until=9999-01-01T00:00:00Z")
            .asString();
    assertThat(lines.lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("\"status\":201"),
            line -> assertThat(line).contains("\"status\":202"),
            line -> assertThat(line).contains("\"status\":200"));
  }

  @Test
  void acceptedOperation_andItsCancelling_areFoundByTheirTarget() {
    String id =
        post("{\"kind\":\"pause\",\"destination\":\"eu\"}").statusCode(202).extract().path("id");
    caller("s-ops").delete(OPERATIONS + "/" + id).then().statusCode(200);

    get(MANAGEMENT + "&destination=eu")
        .body("entries.outcome", contains("done", "done"))
        .body("entries[1].subject", is("operation " + id));
    get(MANAGEMENT + "&destination=us").body("entries", empty());
  }

  @Test
  void dropThatIsRefused_isFoundByItsTableAndDestination() {
    ReplicaWorld world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    SourceTable orders = world.table("prod", TableIdentifier.of("sales", "orders"));
    world.replica(orders, "eu");

    drop("s-boss", "orders").statusCode(409);
    drop("s-ops", "orders").statusCode(403);
    drop("s-boss", "ordres").statusCode(404);

    get(MANAGEMENT + "&source=prod&namespace=sales&table=orders&destination=eu")
        .body("entries.details.status", contains(403, 409))
        .body("entries.actor", contains("ops", "boss"));
    get(MANAGEMENT + "&destination=eu").body("entries.details.status", contains(404, 403, 409));
  }

  @Test
  void whatIsNoName_isRefusedAndRecordedWithoutIt() {
    String secret = "twb_" + "aB3-_".repeat(9).substring(2);
    post("{\"kind\":\"pause\",\"destination\":7,\"namespace\":\"sales\",\"table\":[]}")
        .statusCode(400);
    post("{\"kind\":\"pause\",\"destination\":\"%s\"}".formatted(secret)).statusCode(404);
    post("{\"kind\":\"pause\",\"source\":\"%s\"}".formatted("x".repeat(300_000))).statusCode(404);

    String all =
        get(MANAGEMENT)
            .body("entries.details.status", contains(404, 404, 400))
            .body("entries.destination", contains(null, "twb_****", null))
            .body("entries.source", contains(nullValue(), nullValue(), nullValue()))
            .extract()
            .asString();
    assertThat(all).doesNotContain(secret.substring(4, 20));
  }
}
