package io.twinberg.proxy.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.http.ContentType;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.token.ApiToken;
import io.twinberg.token.ApiTokens;
import io.twinberg.token.TokenSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens are made and shown, by administrators alone. */
class TokenRoutesTest extends TokenRoutesSuite {
  @Test
  void create_byAnAdministrator_showsTheSecretOnce() {
    String secret =
        post("""
        {"name":"etl","grants":["write:prod/sales.*","manage:viewer"],"expiresIn":"90d"}
        """)
            .statusCode(201)
            .header("Location", endsWith(TOKENS + "/etl"))
            .header("Cache-Control", "no-store")
            .body("name", is("etl"))
            .body("grants", contains("write:prod/sales.*", "manage:viewer"))
            .body("origin", is("api"))
            .body("createdBy", is("boss"))
            .body("createdAt", is("2026-03-04T05:06:07Z"))
            .body("expiresAt", is("2026-06-02T05:06:07Z"))
            .body("lastUsedAt", nullValue())
            .extract()
            .path("secret");

    assertThat(secret).matches("twb_[A-Za-z0-9_-]{43}");
    caller("s-boss")
        .get(TOKENS + "/etl")
        .then()
        .statusCode(200)
        .body("expiresAt", is("2026-06-02T05:06:07Z"))
        .body("", not(hasKey("secret")));
    assertThat(caller("s-boss").get(TOKENS).asString())
        .contains("\"etl\"")
        .doesNotContain(secret)
        .doesNotContain(new TokenSecret(secret).hash());
  }

  @Test
  void token_made_worksAtOnceAndForNothingElse() {
    String secret = made("looker");

    caller(secret).get(STATUS).then().statusCode(200);
    caller(secret)
        .get(TOKENS)
        .then()
        .statusCode(403)
        .body("error.message", is("The token looker lacks the grant manage:admin."));
    caller(secret.substring(0, 46) + (secret.endsWith("A") ? "B" : "A"))
        .get(STATUS)
        .then()
        .statusCode(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s-eyes", "s-ops"})
  void lesserRoles_mayNeitherSeeNorChangeTokens(String secret) {
    made("kept");
    String message = "The token %s lacks the grant manage:admin.".formatted(secret.substring(2));
    caller(secret).get(TOKENS).then().statusCode(403).body("error.message", is(message));
    caller(secret).get(TOKENS + "/kept").then().statusCode(403);
    caller(secret)
        .body("{\"name\":\"a\",\"grants\":[\"manage:viewer\"]}")
        .post(TOKENS)
        .then()
        .statusCode(403);
    caller(secret).delete(TOKENS + "/kept").then().statusCode(403);

    assertThat(new ApiTokens(database).all()).extracting(ApiToken::name).containsExactly("kept");
  }

  @Test
  void list_showsBothOriginsByPages() {
    made("a-made");
    String next =
        caller("s-boss")
            .get(TOKENS + "?pageSize=3")
            .then()
            .statusCode(200)
            .body("tokens.name", contains("a-made", "boss", "eyes"))
            .body("tokens.origin", contains("api", "file", "file"))
            .body("tokens[1].createdAt", nullValue())
            .extract()
            .path("nextPageToken");
    caller("s-boss")
        .get(TOKENS + "?pageSize=3&pageToken=" + next)
        .then()
        .body("tokens.name", contains("ops"))
        .body("nextPageToken", nullValue());
    caller("s-boss")
        .get(TOKENS + "?pageSize=1001")
        .then()
        .statusCode(400)
        .body("error.message", is("pageSize must be 1 to 1000, not '1001'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | 400 | the token is no JSON",
        "[] | 400 | the token must be a JSON object",
        "{} | 400 | name is missing",
        "{\"name\":7} | 400 | name must be a text that is not empty",
        "{\"name\":\"a\",\"grant\":[]} | 400 | a token has no [grant]; there are [expiresAt,"
            + " expiresIn, grants, name]",
        "{\"name\":\"Etl\",\"grants\":[]} | 400 | name must be up to 63 of a-z, 0-9 and hyphens,"
            + " not beginning with a hyphen, not 'Etl'",
        "{\"name\":\"a' or 1=1 --\",\"grants\":[]} | 400 | name must be up to 63 of a-z",
        "{\"name\":\"a\"} | 400 | grants must be an array of 1 to 100",
        "{\"name\":\"a\",\"grants\":[]} | 400 | grants must be an array of 1 to 100",
        "{\"name\":\"a\",\"grants\":\"read:eu\"} | 400 | grants must be an array",
        "{\"name\":\"a\",\"grants\":[7]} | 400 | the grant 7 is none: it must be write:<catalog>",
        "{\"name\":\"a\",\"grants\":[\"drop:eu\"]} | 400 | the grant \"drop:eu\" is none",
        "{\"name\":\"a\",\"grants\":[\"manage:king\"]} | 400 | manage:<viewer, operator or admin>",
        "{\"name\":\"a\",\"grants\":[\"read:eu/\"]} | 400 | behind the slash it",
        "{\"name\":\"a\",\"grants\":[\"read:eux\"]} | 404 | There is no source or destination 'eux'"
            + " for the grant read:eux; did you mean 'eu'? There are: eu, prod, test, us",
        "{\"name\":\"a\",\"grants\":[\"read:eu\"],\"expiresIn\":\"soon\"} | 400 | expiresIn must be"
            + " a duration such as 500ms, 10s, 15m, 2h or 90d, not 'soon'",
        "{\"name\":\"a\",\"grants\":[\"read:eu\"],\"expiresAt\":\"tomorrow\"} | 400 | expiresAt"
            + " must be a time such as 2027-01-31T12:00:00Z, not 'tomorrow'",
        "{\"name\":\"a\",\"grants\":[\"read:eu\"],\"expiresAt\":\"2026-03-04T05:06:07Z\"} | 400 |"
            + " it must end in the future",
        "{\"name\":\"a\",\"grants\":[\"read:eu\"],\"expiresAt\":\"+999999999-01-01T00:00:00Z\"} |"
            + " 400 | within a hundred years",
        "{\"name\":\"a\",\"grants\":[\"read:eu\"],\"expiresAt\":\"2027-01-01T00:00:00Z\",\"expiresIn\":\"1d\"}"
            + " | 400 | write expiresAt or expiresIn, not both",
        "{\"name\":\"boss\",\"grants\":[\"read:eu\"]} | 409 | The token 'boss' is in the"
            + " configuration file, under access.tokens; choose another name, or change it there"
            + " and restart."
      })
  void create_thatIsWrong_isRefusedWithTheReason(String body, int status, String message) {
    post(body).statusCode(status).body("error.message", containsString(message));
    assertThat(new ApiTokens(database).all()).isEmpty();
  }

  @Test
  void create_ofOneNameAtOnce_succeedsOnce() throws Exception {
    ManagementListener other = started(process());
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<CompletableFuture<Integer>> asked = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        ManagementListener at = i % 2 == 0 ? listener : other;
        asked.add(CompletableFuture.supplyAsync(() -> create(at, "wanted"), threads));
      }
      List<Integer> answers = asked.stream().map(CompletableFuture::join).sorted().toList();
      assertThat(answers).containsExactly(201, 409, 409, 409, 409, 409, 409, 409);
    } finally {
      threads.shutdown();
    }
    post("{\"name\":\"wanted\",\"grants\":[\"read:eu\"]}")
        .statusCode(409)
        .body(
            "error.message",
            is(
                "There is a token 'wanted' already; choose another name, or revoke that one"
                    + " first."));
  }

  private static int create(ManagementListener at, String name) {
    return caller(at, "s-boss")
        .body("{\"name\":\"%s\",\"grants\":[\"read:eu\"]}".formatted(name))
        .post(TOKENS)
        .statusCode();
  }

  @Test
  void create_withoutAccess_saysWhatToDo() {
    ManagementListener everybody = started(new TestingManagement(database, clock).open());
    given()
        .baseUri("http://127.0.0.1")
        .port(everybody.port())
        .contentType(ContentType.JSON)
        .body("{\"name\":\"a\",\"grants\":[\"read:eu\"]}")
        .post(TOKENS)
        .then()
        .statusCode(409)
        .body("error.message", containsString("Without 'access' in the configuration"))
        .body("error.message", containsString("manage:admin"));
    assertThat(new ApiTokens(database).all()).isEmpty();
  }

  @Test
  void database_holdsNoSecret() {
    String secret = made("etl");
    caller(secret).get(STATUS).then().statusCode(200);
    List<String> cells = cells();

    assertThat(cells).contains("etl", new TokenSecret(secret).hash());
    assertThat(cells).noneMatch(cell -> cell.contains(secret.substring("twb_".length())));
  }

  /** All that stands in any row of any table. */
  private List<String> cells() {
    List<String> tables =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "select table_name from information_schema.tables where table_schema ="
                                + " 'public'")
                        .mapTo(String.class)
                        .list());
    return tables.stream()
        .flatMap(table -> content(table).get(table).stream())
        .map(Map::values)
        .flatMap(values -> values.stream().map(String::valueOf))
        .toList();
  }
}
