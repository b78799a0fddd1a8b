package io.twinberg.proxy.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.twinberg.config.Grant;
import io.twinberg.proxy.testing.DescribedAnswers;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.testing.DatabaseContract;
import io.twinberg.token.ApiToken;
import io.twinberg.token.ApiTokens;
import io.twinberg.token.TokenSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The routes for tokens over real HTTP, on every database. */
abstract class TokenRoutesSuite extends DatabaseContract {
  private static final DescribedAnswers DESCRIBED = new DescribedAnswers();
  static final String TOKENS = "/management/v1/tokens";
  static final String STATUS = "/management/v1/status";

  final List<AutoCloseable> open = new ArrayList<>();
  TestingManagement management;
  ManagementListener listener;

  @BeforeEach
  void start() {
    management = process();
    listener = started(management);
  }

  TestingManagement process() {
    return new TestingManagement(database, clock)
        .token("eyes", "manage:viewer")
        .token("ops", "manage:operator")
        .token("boss", "manage:admin");
  }

  ManagementListener started(TestingManagement one) {
    ManagementListener it = one.start();
    open.add(it);
    return it;
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  RequestSpecification caller(String secret) {
    return caller(listener, secret);
  }

  static RequestSpecification caller(ManagementListener at, String secret) {
    return given()
        .filter(DESCRIBED)
        .baseUri("http://127.0.0.1")
        .port(at.port())
        .contentType(ContentType.JSON)
        .header("Authorization", "Bearer " + secret);
  }

  ValidatableResponse post(String body) {
    return caller("s-boss").body(body).post(TOKENS).then();
  }

  /** Makes a token that may look, and says its secret. */
  String made(String name) {
    return post("{\"name\":\"%s\",\"grants\":[\"manage:viewer\"]}".formatted(name))
        .statusCode(201)
        .extract()
        .path("secret");
  }

  /** A token that an earlier process has made. */
  String stored(String name, String grant) {
    TokenSecret secret = TokenSecret.random();
    ApiToken token =
        new ApiToken(
            name,
            secret.hash(),
            TokenSecret.randomKey(),
            List.of(Grant.parse(grant)),
            "boss",
            clock.instant(),
            Optional.empty(),
            Optional.empty());
    assertThat(new ApiTokens(database).create(token)).isEqualTo(ApiTokens.Creation.CREATED);
    return secret.value();
  }
}
