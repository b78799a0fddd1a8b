package io.twinberg.proxy.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.restassured.specification.RequestSpecification;
import io.twinberg.proxy.testing.DescribedAnswers;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.testing.DatabaseContract;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Characters that one of the databases cannot keep are the caller's mistake, wherever they are. */
class OddCharactersTest extends DatabaseContract {
  private static final DescribedAnswers DESCRIBED = new DescribedAnswers();
  private static final String API = "/management/v1/";
  private static final String ERROR = "error.message";
  private static final Matcher<String> MESSAGE =
      containsString("must not hold the character U+0000");

  private ManagementListener listener;

  @BeforeEach
  void start() {
    listener = new TestingManagement(database, clock).token("boss", "manage:admin").start();
  }

  @AfterEach
  void stop() {
    listener.close();
  }

  private RequestSpecification request() {
    return given()
        .baseUri("http://127.0.0.1")
        .port(listener.port())
        .urlEncodingEnabled(false)
        .header("Authorization", "Bearer s-boss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "operations?pageToken=%00",
        "rules?source=%00",
        "audit?actor=a&pageToken=%00",
        "audit?namespace=a%00b",
        "audit?source=%00x"
      })
  void query_withNul_isABadRequest(String path) {
    request().filter(DESCRIBED).get(API + path).then().statusCode(400).body(ERROR, MESSAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "operations/%00",
        "tokens/%00",
        "sources/prod/namespaces/a%00/tables/t/status",
        "sources/prod/namespaces/a/tables/t%00/status",
        "sources/prod%00/replication",
        "sources/prod/namespaces/a%00/replication"
      })
  void path_withNul_isABadRequest(String path) {
    request().get(API + path).then().statusCode(400).body("error.code", is(400));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|operations|{'kind':'verify','source':'prod','namespace':['a'],'table':'t\\u0000'}",
        "POST|operations|{'kind':'verify','source':'prod','namespace':['a\\u0000'],'table':'t'}",
        "POST|tokens|{'name':'a\\u0000','grants':['manage:viewer']}",
        "PUT|sources/prod/namespaces/a/replication|{'destinations':['eu'],'except':['b\\u0000']}"
      })
  void body_withNul_isABadRequest(String method, String path, String body) {
    request()
        .filter(DESCRIBED)
        .contentType("application/json")
        .body(body.replace('\'', '"'))
        .request(method, API + path)
        .then()
        .statusCode(400)
        .body(ERROR, MESSAGE);
  }

  /** Some name an encoding that the body does not have, or one that nobody knows. */
  @ParameterizedTest
  @ValueSource(strings = {"; charset=utf-16", "; charset=nope", "; charset", "; charset="})
  void body_withNulUnderAnotherCharset_isABadRequest(String charset) throws Exception {
    byte[] body =
        "{\"kind\":\"verify\",\"source\":\"prod\",\"namespace\":[\"a\\u0000\"],\"table\":\"t\"}"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(posted(charset, body).body()).contains("must not hold the character U+0000");
    assertThat(posted(charset, "{}".getBytes(StandardCharsets.UTF_8)).body())
        .contains("kind must be one of");
    assertThat(
            posted("", new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16LE))
                .statusCode())
        .isEqualTo(400);
  }

  private HttpResponse<String> posted(String charset, byte[] body) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + listener.port() + API + "operations"))
                    .header("Authorization", "Bearer s-boss")
                    .header("Content-Type", "application/json" + charset)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    return answer;
  }
}
