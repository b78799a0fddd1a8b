package io.twinberg.proxy.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.twinberg.operation.Claim;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.Outcome;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.RowScope;
import io.twinberg.testing.OnEveryDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What was asked for is shown, and called off. */
@OnEveryDatabase
class OperationRoutesTest extends OperationRoutesSuite {
  private static final String VERIFIED =
      """
      {"ok":true,"replicas":7,"damaged":0,"violations":0,"notCompared":0,"reports":[],
       "unfinished":[],"unpublished":[]}
      """;
  private static final OperationRequest ALL =
      new OperationRequest.Verify(ReplicaTarget.ALL, RowScope.NONE);

  @Test
  void cancel_endsWhatWaitsAtOnceAndTellsWhatRuns() {
    Operation waiting = log.request(ALL, "ops");
    caller("s-eyes").delete(OPERATIONS + "/" + waiting.id()).then().statusCode(403);
    caller("s-ops")
        .delete(OPERATIONS + "/" + waiting.id())
        .then()
        .statusCode(200)
        .body("state", is("cancelled"))
        .body("summary", is("cancelled by ops"))
        .body("finishedAt", is("2026-03-01T10:00:00Z"));
    assertThat(log.claim("r", Duration.ofMinutes(1))).isEmpty();

    Operation running = log.request(ALL, "ops");
    Claim claim = log.claim("r", Duration.ofMinutes(1)).orElseThrow();
    caller("s-ops")
        .delete(OPERATIONS + "/" + running.id())
        .then()
        .statusCode(202)
        .body("state", is("running"));
    assertThat(log.cancelledBy(running.id())).contains("ops");
    assertThat(log.finish(claim, Outcome.completed("it was quicker", VERIFIED))).isTrue();
    caller("s-ops")
        .delete(OPERATIONS + "/" + running.id())
        .then()
        .statusCode(200)
        .body("state", is("completed"));
    caller("s-ops").delete(OPERATIONS + "/nothing").then().statusCode(404);
  }

  @Test
  void operation_ended_isShownWithItsResult() {
    Operation operation = log.request(ALL, "ops");
    Claim claim = log.claim("r", Duration.ofMinutes(1)).orElseThrow();
    log.renew(claim, Duration.ofMinutes(1), "replica 1 of 2");
    caller("s-eyes")
        .get(OPERATIONS + "/" + operation.id())
        .then()
        .body("state", is("running"))
        .body("progress", is("replica 1 of 2"));
    log.finish(claim, Outcome.completed("all well", VERIFIED));

    caller("s-eyes")
        .get(OPERATIONS + "/" + operation.id())
        .then()
        .statusCode(200)
        .body("state", is("completed"))
        .body("summary", is("all well"))
        .body("result.replicas", is(7));
    caller("s-eyes")
        .get(OPERATIONS)
        .then()
        .body("operations[0].summary", is("all well"))
        .body("operations[0]", not(hasKey("result")));
  }

  @Test
  void list_isNewestFirstByPages() {
    for (int i = 0; i < 3; i++) {
      log.request(ALL, "caller " + i);
      clock.step(Duration.ofSeconds(1));
    }
    String next =
        caller("s-eyes")
            .get(OPERATIONS + "?pageSize=2")
            .then()
            .body("operations.requestedBy", contains("caller 2", "caller 1"))
            .extract()
            .path("nextPageToken");
    caller("s-eyes")
        .get(OPERATIONS + "?pageSize=2&pageToken=" + next)
        .then()
        .body("operations.requestedBy", contains("caller 0"))
        .body("nextPageToken", nullValue());
    caller("s-eyes").get(OPERATIONS + "?pageToken=x").then().statusCode(400);
    caller("s-eyes").get(OPERATIONS + "?pageSize=0").then().statusCode(400);
    caller("s-eyes").get(OPERATIONS + "?pageSize=many").then().statusCode(400);
  }

  @Test
  void unknownOperation_isNotFound() {
    caller("s-eyes")
        .get(OPERATIONS + "/nothing")
        .then()
        .statusCode(404)
        .body("error.message", containsString("There is no operation 'nothing'"));
  }

  @Test
  void viewer_mayLookAndNotAsk() {
    caller("s-eyes")
        .contentType("application/json")
        .body("{\"kind\":\"verify\"}")
        .post(OPERATIONS)
        .then()
        .statusCode(403)
        .body("error.message", is("The token eyes lacks the grant manage:operator."));
    caller("s-eyes").get(OPERATIONS).then().statusCode(200).body("operations", hasSize(0));
  }
}
