package io.twinberg.proxy.oauth;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;

import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jwt.JWTClaimsSet;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.twinberg.config.Grant;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.access.FailedAttempts;
import io.twinberg.proxy.access.OidcTokens;
import io.twinberg.proxy.oidc.Issuer;
import io.twinberg.proxy.oidc.JwtVerifier;
import io.twinberg.proxy.oidc.KeyTimes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JWTs of an issuer in the hands of engines: at a catalog of ours, and at one that decides itself.
 */
class OidcClientTest {
  @TempDir private Path folder;
  private final Issuer issuer = new Issuer();
  private JwtVerifier verifier;
  private TokenServer server;

  @BeforeEach
  void start() {
    verifier =
        new JwtVerifier(
            issuer.config(
                "groups",
                Map.of(
                    "writers", List.of(Grant.parse("write:lake")),
                    "readers", List.of(Grant.parse("read:lake")))),
            Clock.systemUTC(),
            KeyTimes.DEFAULT);
    FailedAttempts attempts =
        new FailedAttempts(new SimpleMeterRegistry(), Ticker.disabledTicker());
    server =
        TokenServer.with(
            folder, AccessPolicy.tokens(List.of(), List.of(new OidcTokens(verifier)), attempts));
  }

  @AfterEach
  void stop() {
    server.close();
    verifier.close();
    issuer.close();
  }

  private String token(String group) {
    return issuer.signed(
        new JWTClaimsSet.Builder()
            .issuer(issuer.uri())
            .audience(Issuer.AUDIENCE)
            .subject("alice")
            .expirationTime(Date.from(Instant.now().plusSeconds(600)))
            .claim("groups", List.of(group))
            .build());
  }

  private RESTCatalog client(String token) {
    RESTCatalog client = new RESTCatalog();
    client.initialize(
        "test",
        Map.of(
            "uri",
            server.uri() + "/catalogs/lake",
            "io-impl",
            "org.apache.iceberg.inmemory.InMemoryFileIO",
            "token",
            token));
    return client;
  }

  @Test
  void engine_withAJwt_mayDoWhatItsGroupMay() throws Exception {
    try (RESTCatalog writer = client(token("writers"));
        RESTCatalog reader = client(token("readers"))) {
      writer.createNamespace(Namespace.of("n"));
      assertThat(reader.listNamespaces()).containsExactly(Namespace.of("n"));
      assertThatThrownBy(() -> reader.createNamespace(Namespace.of("m")))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("oidc:alice");
    }
    assertThatThrownBy(() -> client(token("others")))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("claim 'groups'");
  }

  @Test
  void exchange_byABlockedAddress_asksForNoKeys() {
    for (int i = 0; i < 10; i++) {
      exchange("guess").then().statusCode(400);
    }

    exchange(token("writers")).then().statusCode(429);

    assertThat(issuer.fetches()).isZero();
  }

  private Response exchange(String subject) {
    return given()
        .contentType(ContentType.URLENC)
        .formParam("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
        .formParam("subject_token", subject)
        .formParam("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
        .post(server.uri() + "/catalogs/lake/v1/oauth/tokens");
  }

  /** Iceberg's client asks for another one in time; that it gets none here is no guess. */
  @Test
  void exchange_ofAJwt_isRefusedAndNoGuess() {
    for (int i = 0; i < 20; i++) {
      exchange(token("writers"))
          .then()
          .statusCode(400)
          .body("error_description", containsString("get a fresh one where it comes from"));
    }
  }

  /** The upstream decides there, also over tokens that would be wrong here. */
  @Test
  void sourceThatDecidesItself_getsEachJwtAsItCame() {
    String[] tokens = {token("writers"), token("others"), token("writers") + "x"};
    for (String token : tokens) {
      given()
          .header("Authorization", "Bearer " + token)
          .get(server.uri() + "/catalogs/theirs/v1/namespaces")
          .then()
          .statusCode(200);
    }

    assertThat(server.upstream.received())
        .extracting(request -> request.header("Authorization").orElseThrow())
        .containsExactly("Bearer " + tokens[0], "Bearer " + tokens[1], "Bearer " + tokens[2]);
  }
}
