package io.twinberg.proxy.oidc;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.restassured.response.ValidatableResponse;
import io.twinberg.database.Database;
import io.twinberg.proxy.access.OidcTokens;
import io.twinberg.proxy.management.ManagementListener;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import io.twinberg.testing.TokenServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JWTs of an issuer as bearer tokens, with real keys and over real HTTP. */
class OidcAccessTest {
  private static final String STATUS = "/management/v1/status";
  private static final String TOKENS = "/management/v1/tokens";

  /** No time of these is over in a test, however busy the machine is. */
  private static final KeyTimes LONG =
      new KeyTimes(
          Duration.ofHours(2), Duration.ofHours(1), Duration.ofHours(3), Duration.ofMinutes(1));

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final Issuer issuer = new Issuer();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Database database;
  private ManagementListener listener;

  @BeforeEach
  void start() {
    database = Databases.h2(folder);
    listener = trusting("groups", LONG);
  }

  private ManagementListener trusting(String claim, KeyTimes times) {
    JwtVerifier verifier = new JwtVerifier(issuer.config(claim), clock, times);
    open.add(verifier);
    ManagementListener one =
        new TestingManagement(database, clock)
            .token("file", "manage:viewer")
            .credentials(new OidcTokens(verifier))
            .start();
    open.add(one);
    return one;
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    issuer.close();
    database.close();
  }

  private ValidatableResponse get(String token) {
    return get(token, STATUS);
  }

  private ValidatableResponse get(String token, String path) {
    return given()
        .baseUri("http://127.0.0.1")
        .port(listener.port())
        .header("Authorization", "Bearer " + token)
        .get(path)
        .then();
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(issuer.uri())
        .audience(Issuer.AUDIENCE)
        .subject("alice")
        .expirationTime(Date.from(clock.instant().plusSeconds(600)))
        .claim("groups", List.of("staff", "eyes"));
  }

  private String good() {
    return issuer.signed(claims().build());
  }

  private void refused(String token, String reason) {
    get(token)
        .statusCode(401)
        .header("WWW-Authenticate", containsString("Bearer"))
        .body("error.message", containsString("The bearer token is refused: " + reason));
  }

  @Test
  void jwt_ofTheIssuer_hasTheGrantsOfItsGroups() {
    get(good()).statusCode(200);
    get(good(), TOKENS)
        .statusCode(403)
        .body("error.message", is("The token oidc:alice lacks the grant manage:admin."));
    get(issuer.signed(claims().claim("groups", List.of("bosses")).build()), TOKENS).statusCode(200);
    assertThat(issuer.fetches()).isEqualTo(1);
  }

  @Test
  void claim_mayBeTextListScopeOrNested() {
    for (Object groups : new Object[] {"eyes", List.of("eyes"), List.of("staff", "eyes")}) {
      get(issuer.signed(claims().claim("groups", groups).build())).statusCode(200);
    }
    for (Object groups :
        new Object[] {"eyesore", "openid eyes", 7, Map.of("eyes", true), List.of(List.of())}) {
      get(issuer.signed(claims().claim("groups", groups).build())).statusCode(403);
    }
    listener = trusting("realm_access.roles", LONG);
    get(issuer.signed(claims().claim("realm_access", Map.of("roles", List.of("eyes"))).build()))
        .statusCode(200);
    get(issuer.signed(claims().claim("realm_access.roles", "eyes").build())).statusCode(200);
    get(good()).statusCode(403);
  }

  /** A group may have spaces in its name: who is in "not eyes" is not in "eyes". */
  @Test
  void claim_ofOneText_isSplitIntoWordsInScopesOnly() {
    for (String claim : List.of("groups", "department", "scopes")) {
      listener = trusting(claim, LONG);
      get(issuer.signed(claims().claim(claim, "not eyes").build())).statusCode(403);
      get(issuer.signed(claims().claim(claim, List.of("not eyes")).build())).statusCode(403);
      get(issuer.signed(claims().claim(claim, "eyes").build())).statusCode(200);
    }
    for (String claim : List.of("scope", "scp")) {
      listener = trusting(claim, LONG);
      get(issuer.signed(claims().claim(claim, "openid eyes email").build())).statusCode(200);
      get(issuer.signed(claims().claim(claim, List.of("openid", "eyes")).build())).statusCode(200);
      get(issuer.signed(claims().claim(claim, "openid eyesore").build())).statusCode(403);
    }
  }

  @Test
  void jwt_thatMapsToNoGrant_isForbiddenNamingTheClaim() {
    for (JWTClaimsSet claims :
        List.of(
            claims().claim("groups", null).build(),
            claims().claim("groups", List.of("staff")).build())) {
      get(issuer.signed(claims))
          .statusCode(403)
          .body("error.type", is("ForbiddenException"))
          .body(
              "error.message",
              is(
                  "The bearer token of oidc:alice is valid, but allows nothing here: its claim"
                      + " 'groups' holds no value that has grants in access.oidc."));
    }
  }

  @Test
  void jwt_thatSaysTheWrongThings_isRefusedWithTheReasonAndIsNoGuess() {
    Instant now = clock.instant();
    for (int i = 0; i < 3; i++) {
      refused(issuer.signed(claims().audience("other").build()), "JWT aud claim rejected");
      refused(issuer.signed(claims().audience((String) null).build()), "JWT missing required");
      refused(issuer.signed(claims().expirationTime(null).build()), "JWT missing required claims");
      refused(
          issuer.signed(claims().expirationTime(Date.from(now.minusSeconds(61))).build()),
          "it has expired.");
      refused(
          issuer.signed(claims().notBeforeTime(Date.from(now.plusSeconds(62))).build()),
          "JWT before use time");
      refused(issuer.signed(claims().subject(null).build()), "its claim 'sub' is missing");
      refused(issuer.signed(claims().subject("a\nb").build()), "its claim 'sub' is missing");
    }
    get(good()).statusCode(200);
    assertThat(issuer.fetches()).as("none of them needed a key").isEqualTo(1);
  }

  @Test
  void clocks_mayDifferByTheSkew() {
    Instant now = clock.instant();
    get(issuer.signed(claims().expirationTime(Date.from(now.minusSeconds(59))).build()))
        .statusCode(200);
    get(issuer.signed(claims().notBeforeTime(Date.from(now.plusSeconds(59))).build()))
        .statusCode(200);
  }

  @Test
  void jwt_letInBefore_isRefusedOnceItEnds() {
    String token = good();
    get(token).statusCode(200);

    clock.step(Duration.ofSeconds(661));

    refused(token, "it has expired.");
  }

  @Test
  void jwt_ofAnotherIssuer_isUnknown() {
    get(issuer.signed(claims().issuer(issuer.uri() + "/").build()))
        .statusCode(401)
        .body("error.message", containsString("none of Twinberg's"));
    assertThat(issuer.fetches()).isZero();
  }

  @Test
  void jwt_withoutSignature_isRefused() {
    get(new PlainJWT(claims().build()).serialize()).statusCode(401);
    String[] parts = good().split("\\.");
    get(parts[0] + "." + parts[1] + ".").statusCode(401);
    String none = new PlainJWT(claims().build()).serialize().split("\\.")[0];
    get(none + "." + parts[1] + "." + parts[2]).statusCode(401);
  }

  /** The classic: the public key, which everyone has, as a secret that only two have. */
  @Test
  void jwt_signedWithThePublicKeyAsSecret_isRefused() throws Exception {
    byte[] publicKey = issuer.key().toRSAPublicKey().getEncoded();
    SignedJWT forged =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), claims().build());
    forged.sign(new MACSigner(publicKey));

    get(good()).statusCode(200);
    refused(forged.serialize(), "its algorithm is none of RS, PS or ES");
  }

  @Test
  void jwt_signedByAnotherKeyOfThatName_isRefused() {
    refused(
        Issuer.signed(claims().build(), Issuer.newKey("one")),
        "none of its issuer's keys has signed it");
    String[] mine = good().split("\\.");
    String[] bosses =
        Issuer.signed(claims().claim("groups", "bosses").build(), Issuer.newKey("one"))
            .split("\\.");
    refused(mine[0] + "." + bosses[1] + "." + mine[2], "none of its issuer's keys has signed it");
  }

  @Test
  void forgeries_blockTheAddress() {
    String forged = Issuer.signed(claims().build(), Issuer.newKey("one"));
    for (int i = 0; i < 10; i++) {
      refused(forged, "none of its issuer's keys");
    }

    get(forged).statusCode(429);
  }

  private void block() {
    for (int i = 0; i < 10; i++) {
      get("guess").statusCode(401);
    }
    get("guess").statusCode(429);
  }

  /** Not even for the right one: whoever waits for keys holds a place. */
  @Test
  void blockedAddress_asksForNoKeys() {
    block();

    get(good()).statusCode(429);
    get(Issuer.signed(claims().build(), Issuer.newKey("two"))).statusCode(429);
    get(issuer.signed(claims().claim("groups", "staff").build())).statusCode(429);
    assertThat(issuer.fetches()).isZero();
  }

  /** Clients that share an address must not be locked out by one that guesses. */
  @Test
  void blockedAddress_letsInFurtherJwtsOfWhoWasLetInFromThere() {
    get(good()).statusCode(200);
    block();
    clock.step(Duration.ofMinutes(5));

    get(good()).statusCode(200);
    get(issuer.signed(claims().subject("bob").build())).statusCode(429);
    get(Issuer.signed(claims().build(), Issuer.newKey("one"))).statusCode(429);
    get(Issuer.signed(claims().subject("bob").build(), Issuer.newKey("two"))).statusCode(429);
    assertThat(issuer.fetches()).isEqualTo(1);
  }

  @Test
  void ellipticKeys_areTakenToo() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    issuer.keys(
        exchange -> TokenServer.reply(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec").build(), claims().build());
    jwt.sign(new ECDSASigner(key));

    get(jwt.serialize()).statusCode(200);
  }

  @Test
  void rotatedKey_isFetchedWhenItIsFirstSeen() {
    get(good()).statusCode(200);

    issuer.rotate("two");

    get(good()).statusCode(200);
    assertThat(issuer.fetches()).isEqualTo(2);
  }

  @Test
  void unknownKeys_manyOfThem_areAskedForTwiceAtMost() {
    get(good()).statusCode(200);
    for (int i = 0; i < 30; i++) {
      String forged =
          Issuer.signed(
              claims().build(), new RSAKey.Builder(issuer.key()).keyID("key-" + i).build());
      int status = get(forged).extract().statusCode();
      assertThat(status).isIn(401, 503);
    }

    assertThat(issuer.fetches()).isEqualTo(2);
    get(issuer.signed(claims().subject("bob").build())).statusCode(200);
  }

  @Test
  void keys_thatCannotBeHad_areAReasonToComeBackAndNotAGuess() {
    String redirected = issuer.at("/keys");
    CountDownLatch end = new CountDownLatch(1);
    KeyTimes impatient =
        new KeyTimes(
            Duration.ofMinutes(5),
            Duration.ofMillis(1),
            Duration.ofHours(1),
            Duration.ofMillis(500));
    listener = trusting("groups", impatient);
    List<TokenServer.Answer> answers =
        List.of(
            exchange -> TokenServer.reply(exchange, 500, "{}"),
            exchange -> TokenServer.reply(exchange, 200, "no JSON"),
            exchange -> TokenServer.reply(exchange, 200, " ".repeat(300_000) + "{\"keys\":[]}"),
            exchange -> {
              exchange.getResponseHeaders().add("Location", redirected);
              TokenServer.reply(exchange, 302, "");
            },
            exchange -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              exchange.close();
            });
    for (TokenServer.Answer answer : answers) {
      issuer.keys(answer);
      for (int i = 0; i < 3; i++) {
        get(good())
            .statusCode(503)
            .header("Retry-After", "1")
            .body("error.message", containsString("the keys of its issuer cannot be had now"));
      }
    }
    end.countDown();
    issuer.heal();

    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> get(good()).statusCode(200));
  }

  @Test
  void outage_keysThatWereKnownGoOnForAWhile() {
    KeyTimes hasty =
        new KeyTimes(
            Duration.ofMillis(200),
            Duration.ofMillis(1),
            Duration.ofHours(1),
            Duration.ofMinutes(1));
    listener = trusting("groups", hasty);
    get(good()).statusCode(200);
    issuer.keys(exchange -> TokenServer.reply(exchange, 500, "{}"));
    long before = issuer.fetches();

    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              get(good()).statusCode(200);
              assertThat(issuer.fetches()).isGreaterThan(before);
            });
    get(good()).statusCode(200);
  }

  @Test
  void outage_thatLastsTooLong_endsTheKeys() {
    KeyTimes hasty =
        new KeyTimes(
            Duration.ofMillis(100),
            Duration.ofMillis(1),
            Duration.ofMillis(300),
            Duration.ofMinutes(1));
    listener = trusting("groups", hasty);
    get(good()).statusCode(200);
    issuer.keys(exchange -> TokenServer.reply(exchange, 500, "{}"));

    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> get(good()).statusCode(503));
  }

  @Test
  void document_ofAnotherIssuerOrWithUnsafeKeys_isNotBelieved() {
    listener =
        trusting(
            "groups",
            new KeyTimes(
                Duration.ofHours(2),
                Duration.ofMillis(1),
                Duration.ofHours(3),
                Duration.ofMinutes(1)));
    for (String document :
        List.of(
            "{\"issuer\":\"https://elsewhere\",\"jwks_uri\":\"%s\"}".formatted(issuer.at("/keys")),
            "{\"issuer\":\"%s\",\"jwks_uri\":\"http://198.51.100.7/keys\"}".formatted(issuer.uri()),
            "{\"issuer\":\"%s\"}".formatted(issuer.uri()),
            "[]")) {
      issuer.document(document);
      get(good()).statusCode(503);
    }
    assertThat(issuer.fetches()).isZero();
  }

  @Test
  void token_ofTheFile_needsNoIssuer() {
    issuer.close();
    get("s-file").statusCode(200);
    get("ey" + "a".repeat(5000)).statusCode(401);
  }
}
