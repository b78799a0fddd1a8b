package io.twinberg.proxy.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.proxy.testing.FakeUpstream.Received;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets access tokens, and in which form. */
class TokenEndpointTest {
  private static final String EXCHANGE =
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
          + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token";
  private static final String LAKE = "/catalogs/lake/v1/oauth/tokens";
  private static final String BARE = "/v1/oauth/tokens";
  private static final String OURS = "grant_type=client_credentials&client_secret=s-etl";

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private TokenServer server;

  @AfterEach
  void stop() {
    server.close();
  }

  private void start() {
    start(Duration.ofHours(1), false);
  }

  private void start(Duration lifetime, boolean defaultForwards) {
    server = TokenServer.withTokens(folder, lifetime, defaultForwards);
  }

  private HttpResponse<String> post(String path, String form, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.uri() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String basic(String credential) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credential.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }

  private String token(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer).path("access_token").asText();
  }

  private int reading(String bearer) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.uri() + "/catalogs/lake/v1/namespaces"))
            .header("Authorization", "Bearer " + bearer)
            .build();
    return http.send(request, BodyHandlers.ofString()).statusCode();
  }

  @ParameterizedTest
  @ValueSource(strings = {LAKE, "/v1/lake/oauth/tokens", BARE})
  void secret_givesAnAccessToken(String path) throws Exception {
    start();

    HttpResponse<String> answer = post(path, OURS + "&client_id=etl&scope=catalog");

    JsonNode body = json(answer);
    assertThat(body.path("token_type").asText()).isEqualTo("bearer");
    assertThat(body.path("expires_in").asInt()).isEqualTo(3600);
    assertThat(body.path("issued_token_type").asText())
        .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(reading(token(answer))).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client_secret=s-etl | ",
        "client_secret=s-etl&client_id= | ",
        "client_id=odd&client_secret=100%25%2B%3Asure | ",
        "scope=catalog | etl:s-etl",
        "scope=catalog | s-etl",
        "scope=catalog | :s-etl",
        "scope=catalog | odd:100%+:sure",
        "scope=catalog | odd:100%25%2B%3Asure"
      })
  void credential_inEveryUsualForm_isUnderstood(String form, String basic) throws Exception {
    start();
    String all = "grant_type=client_credentials&" + form;

    HttpResponse<String> answer =
        basic == null ? post(LAKE, all) : post(LAKE, all, "Authorization", basic(basic));

    assertThat(reading(token(answer))).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "grant_type=client_credentials&client_secret=wrong | 401 | invalid_client",
        "grant_type=client_credentials&client_id=odd&client_secret=s-etl | 401 | invalid_client",
        "grant_type=client_credentials&client_id=etl | 401 | invalid_client",
        "grant_type=client_credentials | 401 | invalid_client",
        "client_secret=s-etl | 400 | invalid_request",
        "grant_type=password&client_secret=s-etl | 400 | unsupported_grant_type",
        "grant_type=client_credentials&client_secret=s-etl&client_secret=x | 400 | invalid_request",
        "grant_type=client_credentials&client_secret=%ZZ | 400 | invalid_request",
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange | 400 | invalid_request",
        "{} | 400 | invalid_request"
      })
  void request_thatIsNotGranted_isRefusedInOAuthsWords(String form, int status, String error)
      throws Exception {
    start();

    HttpResponse<String> answer = post(LAKE, form);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).path("error").asText()).isEqualTo(error);
    assertThat(json(answer).path("error_description").asText()).isNotEmpty();
    assertThat(answer.headers().firstValue("WWW-Authenticate").isPresent())
        .isEqualTo(status == 401);
    assertThat(answer.body()).doesNotContain("wrong");
  }

  @Test
  void secretInTwoWays_isRefused() throws Exception {
    start();

    HttpResponse<String> answer = post(LAKE, OURS, "Authorization", basic("etl:s-etl"));

    assertThat(json(answer).path("error").asText()).isEqualTo("invalid_request");
  }

  @Test
  void exchange_ofOneOfOurs_givesAFreshOne() throws Exception {
    start();
    String first = token(post(LAKE, OURS));

    String second = token(post(LAKE, EXCHANGE + "&subject_token=" + first));
    String third =
        token(
            post(LAKE, EXCHANGE + "&subject_token=" + second, "Authorization", "Bearer " + second));
    String ofSecret = token(post(LAKE, EXCHANGE + "&subject_token=s-etl"));

    for (String token : List.of(second, third, ofSecret)) {
      assertThat(reading(token)).isEqualTo(200);
    }
  }

  @Test
  void exchange_ofAnExpiredOne_needsTheCredentialOfTheSameToken() throws Exception {
    start(Duration.ZERO, false);
    String expired = token(post(LAKE, OURS));
    assertThat(reading(expired)).isEqualTo(401);
    String form = EXCHANGE + "&subject_token=" + expired;

    assertThat(post(LAKE, form).statusCode()).isEqualTo(400);
    assertThat(post(LAKE, form, "Authorization", basic("odd:100%+:sure")).statusCode())
        .isEqualTo(401);
    assertThat(post(LAKE, form, "Authorization", basic("etl:wrong")).statusCode()).isEqualTo(401);
    assertThat(token(post(LAKE, form, "Authorization", basic("etl:s-etl")))).isNotEmpty();
  }

  @Test
  void exchange_ofAnotherTokenOrKind_isRefused() throws Exception {
    start();

    assertThat(json(post(LAKE, EXCHANGE + "&subject_token=of-somebody")).path("error").asText())
        .isEqualTo("invalid_request");
    assertThat(
            post(LAKE, (EXCHANGE + "&subject_token=s-etl").replace("access_token", "saml2"))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void guessing_isStoppedAtEveryDoor() throws Exception {
    start();
    for (int i = 0; i < 5; i++) {
      post(LAKE, "grant_type=client_credentials&client_secret=guess" + i);
      assertThat(reading("guess" + i)).isEqualTo(401);
    }

    HttpResponse<String> answer = post(BARE, OURS);

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 61L);
    assertThat(reading("s-etl")).isEqualTo(429);
  }

  /** As one misconfigured client does to all that share its address. */
  private void blockAddress() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(reading("guess" + i)).isEqualTo(401);
    }
    assertThat(reading("guess")).isEqualTo(429);
  }

  @Test
  void refresh_fromABlockedAddress_worksForWhoWasLetInFromThere() throws Exception {
    start();
    String held = token(post(LAKE, OURS));
    blockAddress();

    String fresh = token(post(LAKE, EXCHANGE + "&subject_token=" + held));

    assertThat(reading(fresh)).isEqualTo(200);
    assertThat(reading(token(post(LAKE, OURS))))
        .as("an engine that never exchanges")
        .isEqualTo(200);
    assertThat(reading(token(post(BARE, OURS)))).isEqualTo(200);
  }

  /** Or guessing could go on: with secrets, or with tokens that are signed with guessed ones. */
  @Test
  void tokens_forABlockedAddress_areRefusedToWhoWasNotLetInFromThere() throws Exception {
    start();
    token(post(LAKE, OURS));
    blockAddress();

    for (String form :
        List.of(
            "grant_type=client_credentials&client_id=odd&client_secret=100%25%2B%3Asure",
            "grant_type=client_credentials&client_secret=wrong",
            "grant_type=client_credentials",
            EXCHANGE + "&subject_token=100%25%2B%3Asure",
            EXCHANGE + "&subject_token=of-somebody")) {
      HttpResponse<String> answer = post(LAKE, form);
      assertThat(answer.statusCode()).as(form).isEqualTo(429);
      assertThat(json(answer).path("error").asText()).isEqualTo("slow_down");
      assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 61L);
    }
  }

  @Test
  void get_isNoTokenRequest() throws Exception {
    start();
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + LAKE)).build();

    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void hugeForm_isRefused() throws Exception {
    start();

    assertThat(post(LAKE, "a=" + "x".repeat(70_000)).statusCode()).isEqualTo(413);
  }

  @Test
  void bareEndpoint_withForwardingDefault_answersForOursAndForwardsTheRest() throws Exception {
    start(Duration.ofHours(1), true);
    server.upstream.replies(request -> Reply.json(200, "{\"access_token\":\"theirs\"}"));
    String other = "grant_type=client_credentials&client_id=x&client_secret=" + encoded("ü+ %");

    assertThat(reading(token(post(BARE, OURS)))).isEqualTo(200);
    assertThat(server.upstream.received()).isEmpty();
    assertThat(token(post(BARE, other, "X-Odd", "1"))).isEqualTo("theirs");

    Received received = server.upstream.received().get(0);
    assertThat(received.target()).isEqualTo("/iceberg/v1/oauth/tokens");
    assertThat(received.body()).asString(StandardCharsets.UTF_8).isEqualTo(other);
    assertThat(received.header("X-Odd")).contains("1");
    assertThat(received.header("Content-Type")).contains("application/x-www-form-urlencoded");
  }

  /** There even our own credential is the upstream's matter. */
  @Test
  void namedEndpoint_ofForwardingSource_isForwarded() throws Exception {
    start(Duration.ofHours(1), true);
    server.upstream.replies(request -> Reply.json(200, "{\"access_token\":\"theirs\"}"));

    assertThat(token(post("/catalogs/theirs/v1/oauth/tokens", OURS))).isEqualTo("theirs");
    assertThat(server.upstream.received().get(0).body()).asString().isEqualTo(OURS);
  }

  @Test
  void bareEndpoint_thatTheUpstreamRefusesAlso_countsAsGuessing() throws Exception {
    start(Duration.ofHours(1), true);
    server.upstream.replies(request -> Reply.json(401, "{\"error\":\"invalid_client\"}"));
    for (int i = 0; i < 10; i++) {
      post(BARE, "grant_type=client_credentials&client_secret=guess" + i);
    }

    assertThat(reading("s-etl")).isEqualTo(429);
    // And what was not looked at goes on to those whom it may be for.
    assertThat(post(BARE, OURS).statusCode()).isEqualTo(401);
    assertThat(server.upstream.received()).hasSize(11);
  }

  @Test
  void bareEndpoint_ofABlockedAddress_goesOnAnsweringForThoseOfOursThatWereLetIn()
      throws Exception {
    start(Duration.ofHours(1), true);
    server.upstream.replies(request -> Reply.json(200, "{\"access_token\":\"theirs\"}"));
    String held = token(post(BARE, OURS));
    blockAddress();

    String fresh = token(post(BARE, EXCHANGE + "&subject_token=" + held));

    assertThat(reading(fresh)).isEqualTo(200);
    assertThat(reading(token(post(BARE, OURS)))).isEqualTo(200);
    assertThat(server.upstream.received()).isEmpty();
    assertThat(token(post(BARE, "grant_type=client_credentials&client_secret=x")))
        .isEqualTo("theirs");
  }

  @ParameterizedTest
  @ValueSource(strings = {OURS, "grant_type=client_credentials", EXCHANGE + "&subject_token=x"})
  void openEndpoint_givesEveryoneATokenThatIsAccepted(String form) throws Exception {
    server = TokenServer.open(folder);

    assertThat(reading(token(post(LAKE, form)))).isEqualTo(200);
    assertThat(reading(token(post(BARE, form)))).isEqualTo(200);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
