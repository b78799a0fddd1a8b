package io.twinberg.proxy.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.twinberg.proxy.testing.RawClient;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that is misspelt is refused, whatever it is about: it is not taken for another one. */
class WrongQuestionsTest extends OperationRoutesSuite {
  private static final String API = "/management/v1/";
  private static final String PAUSE = "{\"kind\":\"pause\",\"destination\":\"eu\"}";
  private static final String TOKEN = "{\"name\":\"a\",\"grants\":[\"read:eu\"]}";

  private RequestSpecification boss() {
    return caller("s-boss").urlEncodingEnabled(false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "status?stat=failed|there is no parameter 'stat'; did you mean 'state'? There are: source,",
        "status?state=failed&state=pending|the parameter 'state' stands there twice",
        "status?pageSize=1&page%53ize=2|the parameter 'pageSize' stands there twice",
        "status?source=%ff|the query is not URL-encoded",
        "sources/prod/namespaces/sales%1Feu/tables/orders/status?destination=eu|there is no"
            + " parameter 'destination'; this call has none",
        "sources?source=prod|there is no parameter 'source'; this call has none",
        "destinations?pageSize=1|there is no parameter 'pageSize'; this call has none",
        "operations?state=running|there is no parameter 'state'. There are: pageSize, pageToken",
        "operations?pagesize=1|there is no parameter 'pagesize'; did you mean 'pageSize'?",
        "operations?pageToken=%ff|the query is not URL-encoded",
        "operations?pageToken=a&pageToken=b|the parameter 'pageToken' stands there twice",
        "operations/7?watch=true|there is no parameter 'watch'; this call has none",
        "rules?source=prod&source=test|the parameter 'source' stands there twice",
        "sources/prod/replication?dry-run=true|there is no parameter 'dry-run'; this call has none",
        "tokens?x=|there is no parameter 'x'. There are: pageSize, pageToken",
        "tokens?pageToken=%ff|the query is not URL-encoded",
        "tokens?pageToken=ops|pageToken 'ops' is not one that this API gave; begin without one",
        "tokens?pageToken=!|pageToken '!' is not one that this API gave",
        "tokens/ops?x=1|there is no parameter 'x'; this call has none",
        "audit?acter=ops|there is no parameter 'acter'; did you mean 'actor'?",
        "audit?actor=ops&actor=boss|the parameter 'actor' stands there twice"
      })
  void question_isRefusedWithAHint(String question, String message) {
    boss()
        .get(API + question)
        .then()
        .statusCode(400)
        .body("error.type", is("BadRequestException"))
        .body("error.message", containsString(message));
  }

  @ParameterizedTest
  @ValueSource(strings = {"status?source=", "operations?pageToken=", "tokens?pageToken="})
  void question_thatIsNotEncoded_isRefused(String question) throws Exception {
    String answer =
        RawClient.send(
            port(),
            "GET "
                + API
                + question
                + "%zz HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer s-boss\r\n\r\n");

    assertThat(RawClient.status(answer)).isEqualTo(400);
    assertThat(answer).contains("the query is not URL-encoded");
  }

  /** What is only to be rehearsed must not be done. */
  @Test
  void change_withAParameterThatItDoesNotHave_isNotMade() {
    boss()
        .contentType("application/json")
        .body(PAUSE)
        .post(OPERATIONS + "?dry-run=true")
        .then()
        .statusCode(400)
        .body("error.message", is("there is no parameter 'dry-run'; this call has none"));
    boss()
        .contentType("application/json")
        .body("{\"destinations\":[\"eu\"]}")
        .put(API + "sources/prod/replication?dry-run=true&dry-run=false")
        .then()
        .statusCode(400);
    boss().delete(API + "tokens/ops?dry-run=true").then().statusCode(400);
    boss()
        .contentType("application/json")
        .body(TOKEN)
        .post(API + "tokens?dry-run=true")
        .then()
        .statusCode(400);

    assertThat(log.newest(Optional.empty(), 1)).isEmpty();
    boss().get(API + "sources/prod/replication").then().statusCode(404);
    boss().get(API + "tokens/a").then().statusCode(404);
  }

  @ParameterizedTest
  @CsvSource({
    "operations,'{\"kind\":\"pause\",\"destination\":\"eu\",\"destination\":\"us\"}',Duplicate field 'destination'",
    "operations,'{\"kind\":\"pause\",\"destination\":\"eu\"} {\"kind\":\"x\"}',Trailing token",
    "tokens,'{\"name\":\"a\",\"grants\":[\"read:eu\"],\"grants\":[\"manage:admin\"]}',Duplicate field 'grants'",
    "tokens,'{\"name\":\"a\",\"grants\":[\"read:eu\"]} []',Trailing token",
    "sources/prod/replication,'{\"destinations\":[\"eu\"],\"destinations\":[]}',Duplicate field 'destinations'"
  })
  void body_thatCouldBeReadInTwoWays_isRefused(String path, String body, String message) {
    RequestSpecification request = boss().contentType("application/json").body(body);

    (path.endsWith("replication") ? request.put(API + path) : request.post(API + path))
        .then()
        .statusCode(400)
        .body("error.message", containsString("is no JSON: " + message));

    assertThat(log.newest(Optional.empty(), 1)).isEmpty();
  }

  private RequestSpecification sentAs(String type, String body) {
    return boss()
        .config(
            RestAssuredConfig.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig().encodeContentTypeAs(type, ContentType.TEXT)))
        .header("Content-Type", type)
        .body(body);
  }

  /** A page in somebody's browser can post text without asking, but not JSON. */
  @ParameterizedTest
  @CsvSource({
    "operations,operation,text/plain",
    "operations,operation,application/jsonx",
    "tokens,token,text/plain",
    "tokens,token,application/jsonx",
    "tokens,token,application/json-patch+json"
  })
  void body_ofAnotherType_is415(String path, String what, String type) {
    sentAs(type, path.equals("tokens") ? TOKEN : PAUSE)
        .post(API + path)
        .then()
        .statusCode(415)
        .body("error.type", is("UnsupportedMediaTypeException"))
        .body(
            "error.message",
            is(
                "send the %s as JSON with 'Content-Type: application/json', not '%s'"
                    .formatted(what, type)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Application/JSON",
        "application/json;charset=utf-8",
        "APPLICATION/json ; charset=\"UTF-8\""
      })
  void body_thatIsJson_isTakenHoweverItSaysSo(String type) {
    sentAs(type, PAUSE).post(OPERATIONS).then().statusCode(202);
    sentAs(type, TOKEN).post(API + "tokens").then().statusCode(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sources/prod/replication/",
        "sources/prod/namespaces/sales/replication/",
        "sources/prod/namespaces/sales/tables/orders/replication/"
      })
  void ruleWithASlashAtItsEnd_isRefusedAndNamed(String path) {
    boss()
        .get(API + path)
        .then()
        .statusCode(404)
        .body(
            "error.message",
            is("There is nothing at " + API + path + "; leave out the slash at its end."));
    boss()
        .contentType("application/json")
        .body("{\"destinations\":[\"eu\"]}")
        .put(API + path)
        .then()
        .statusCode(404);
    boss().header("If-Match", "*").delete(API + path).then().statusCode(404);
    boss()
        .get(API + path.substring(0, path.length() - 1))
        .then()
        .statusCode(404)
        .body("error.message", containsString("There is no rule for exactly"));
  }
}
