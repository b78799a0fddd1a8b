package io.twinberg.proxy.management;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.twinberg.proxy.testing.TestingManagement;
import org.junit.jupiter.api.Test;

/** What a revocation ends, and which ones are refused. */
class TokenRevocationTest extends TokenRoutesSuite {
  @Test
  void revoke_whatTheApiHasNotMade_isRefused() {
    caller("s-boss")
        .delete(TOKENS + "/ops")
        .then()
        .statusCode(409)
        .body(
            "error.message",
            is(
                "The token 'ops' is in the configuration file, under access.tokens; take it out"
                    + " there and restart."));
    caller("s-boss")
        .delete(TOKENS + "/nobody%00")
        .then()
        .statusCode(404)
        .body("error.message", containsString("There is no token 'nobody"));
    caller("s-boss").get(TOKENS + "/nobody").then().statusCode(404);
    caller("s-ops").get(STATUS).then().statusCode(200);
  }

  @Test
  void revoke_endsTheTokenAtOnceAndFreesItsName() {
    String secret = made("short");
    caller(secret).get(STATUS).then().statusCode(200);

    caller("s-boss").delete(TOKENS + "/short").then().statusCode(200).body("name", is("short"));

    caller(secret)
        .get(STATUS)
        .then()
        .statusCode(401)
        .body("error.message", containsString("The bearer token is none of Twinberg's."));
    caller("s-boss").delete(TOKENS + "/short").then().statusCode(404);
    String second = made("short");
    caller(second).get(STATUS).then().statusCode(200);
    caller(secret).get(STATUS).then().statusCode(401);
  }

  /** Else a secret that leaked would be of use again when the file's token is taken out. */
  @Test
  void revoke_ofATokenThatTheFileHides_endsItForGood() throws Exception {
    String leaked = made("etl");
    listener.close();
    listener = started(process().token("etl", "manage:operator"));
    caller(leaked).get(STATUS).then().statusCode(401);
    caller("s-boss")
        .get(TOKENS + "/etl")
        .then()
        .body("origin", is("file"))
        .body("shadowed.origin", is("api"))
        .body("shadowed.createdBy", is("boss"))
        .body("shadowed.grants", contains("manage:viewer"));

    caller("s-boss")
        .delete(TOKENS + "/etl")
        .then()
        .statusCode(200)
        .body("origin", is("file"))
        .body("shadowed.origin", is("api"));

    caller("s-etl").get(STATUS).then().statusCode(200);
    caller("s-boss").get(TOKENS + "/etl").then().body("shadowed", nullValue());
    caller("s-boss")
        .delete(TOKENS + "/etl")
        .then()
        .statusCode(409)
        .body("error.message", containsString("take it out there"));
    listener.close();
    listener = started(process());
    caller(leaked).get(STATUS).then().statusCode(401);
  }

  @Test
  void revoke_ofTheLastAdministrator_isRefused() {
    String first = stored("first", "manage:admin");
    ManagementListener alone = started(new TestingManagement(database, clock));
    stored("helper", "manage:operator");

    caller(alone, first)
        .delete(TOKENS + "/first")
        .then()
        .statusCode(409)
        .body(
            "error.message",
            is(
                "The token 'first' is the last one with manage:admin; make another one first, or"
                    + " write one into the file."));
    stored("second", "manage:admin");
    caller(alone, first).delete(TOKENS + "/first").then().statusCode(200);
    caller(alone, first).get(TOKENS).then().statusCode(401);
  }

  /**
   * Else the last one that anybody can use would go, and the hidden one could not be taken away.
   */
  @Test
  void revoke_administratorsThatTheFileHides_areNone() {
    String only = stored("only", "manage:admin");
    stored("hidden", "manage:admin");
    ManagementListener alone =
        started(new TestingManagement(database, clock).token("hidden", "manage:viewer"));

    caller(alone, only).delete(TOKENS + "/only").then().statusCode(409);
    caller(alone, only).delete(TOKENS + "/hidden").then().statusCode(200);

    caller(alone, only)
        .get(TOKENS)
        .then()
        .body("tokens.name", contains("hidden", "only"))
        .body("tokens.origin", contains("file", "api"))
        .body("tokens.shadowed", contains(nullValue(), nullValue()));
  }
}
