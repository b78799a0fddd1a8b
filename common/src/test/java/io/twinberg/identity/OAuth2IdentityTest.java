package io.twinberg.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.twinberg.config.Secret;
import io.twinberg.config.SourceAuth;
import io.twinberg.testing.SteppedClock;
import io.twinberg.testing.TokenServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Client credentials against a real HTTP token server. */
class OAuth2IdentityTest {
  private static final String SECRET = "pa:ss wörd&=";
  private static final OutgoingCall CALL =
      OutgoingCall.withoutBody("GET", URI.create("http://catalog/v1/config"), Map.of());

  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final TokenServer server = new TokenServer();
  private final Identity identity = identity("me:" + SECRET, Duration.ofMinutes(1));

  private Identity identity(String credential, Duration timeout) {
    return new OAuth2Identity(
        new TokenEndpoint(
            server.uri(), ClientCredential.parse(credential), "catalog", clock, timeout),
        clock);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String token() {
    return identity.prove(CALL).headers().get("Authorization");
  }

  @Test
  void fetch_asksByClientCredentials() {
    assertThat(token()).isEqualTo("Bearer token-1");

    assertThat(server.forms())
        .containsExactly(
            "grant_type=client_credentials&client_id=me&client_secret=pa%3Ass+w%C3%B6rd%26%3D&scope=catalog");
  }

  @Test
  void fetch_secretAlone_sendsNoClientId() {
    identity("only", Duration.ofMinutes(1)).prove(CALL);

    assertThat(server.forms())
        .containsExactly("grant_type=client_credentials&client_secret=only&scope=catalog");
  }

  @Test
  void configured_withoutServerUri_asksTheCatalogItself() {
    SourceAuth.OAuth2 auth =
        new SourceAuth.OAuth2(Secret.of("a:b"), Optional.empty(), "PRINCIPAL_ROLE:ALL");

    assertThat(Identities.of(auth, server.catalog(), clock).prove(CALL).headers())
        .containsEntry("Authorization", "Bearer token-1");
    assertThat(server.forms().get(0)).endsWith("scope=PRINCIPAL_ROLE%3AALL");
  }

  @Test
  void token_inTheFirstNineTenthsOfItsLife_isReused() {
    server.lifetime(100);
    token();
    clock.step(Duration.ofMillis(89_999));

    assertThat(token()).isEqualTo("Bearer token-1");
    assertThat(server.forms()).hasSize(1);
  }

  @Test
  void token_inTheLastTenthOfItsLife_isExchangedWhileCallsGoOn() throws Exception {
    server.lifetime(100);
    token();
    clock.step(Duration.ofSeconds(90));
    CountDownLatch release = new CountDownLatch(1);
    server.answers(
        exchange -> {
          awaitQuietly(release);
          TokenServer.reply(exchange, 200, "{\"access_token\":\"next\",\"expires_in\":\"100\"}");
        });

    assertThat(token()).isEqualTo("Bearer token-1");
    assertThat(token()).isEqualTo("Bearer token-1");
    release.countDown();
    await().untilAsserted(() -> assertThat(token()).isEqualTo("Bearer next"));
    assertThat(server.forms()).hasSize(2);
  }

  @Test
  void token_ofALongLife_isExchangedThirtySecondsBeforeItsEnd() {
    server.lifetime(3600);
    token();
    clock.step(Duration.ofSeconds(3569));
    token();
    assertThat(server.forms()).hasSize(1);

    clock.step(Duration.ofSeconds(1));
    token();
    await().untilAsserted(() -> assertThat(token()).isEqualTo("Bearer token-2"));
  }

  @Test
  void token_expired_isNotUsed() {
    server.lifetime(100);
    token();
    clock.step(Duration.ofSeconds(100));

    assertThat(token()).isEqualTo("Bearer token-2");
  }

  @Test
  void exchange_fails_keepsTheOldTokenWhileItIsValid() {
    server.lifetime(100);
    token();
    server.answers(500, "");
    clock.step(Duration.ofSeconds(95));
    token();
    await().until(() -> server.forms().size() == 2);

    assertThat(token()).isEqualTo("Bearer token-1");
    clock.step(Duration.ofSeconds(6));
    assertThatThrownBy(this::token)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("500");
    server.lifetime(100);
    clock.step(OAuth2Identity.PAUSE_AFTER_FAILURE);
    await().untilAsserted(() -> assertThat(token()).isEqualTo("Bearer token-2"));
  }

  @Test
  void token_withoutLifetime_isKeptUntilACatalogRefusesIt() {
    Proof first = identity.prove(CALL);
    clock.step(Duration.ofDays(400));
    assertThat(identity.prove(CALL)).isEqualTo(first);

    assertThat(identity.rejected(first)).isTrue();
    assertThat(token()).isEqualTo("Bearer token-2");
  }

  @Test
  void rejected_byManyCallsWithOneToken_isGivenUpOnce() {
    Proof first = identity.prove(CALL);
    clock.step(Duration.ofMinutes(1));
    for (int i = 0; i < 5; i++) {
      assertThat(identity.rejected(first)).isTrue();
      token();
    }

    assertThat(server.forms()).hasSize(2);
  }

  @Test
  void rejected_tokenThatIsNew_isNotExchanged() {
    Proof first = identity.prove(CALL);

    assertThat(identity.rejected(first)).isFalse();
    assertThat(identity.prove(CALL)).isEqualTo(first);
    assertThat(server.forms()).hasSize(1);
  }

  @Test
  void prove_manyThreads_fetchOnce() throws Exception {
    int threads = 32;
    CountDownLatch release = new CountDownLatch(1);
    server.answers(
        exchange -> {
          awaitQuietly(release);
          TokenServer.reply(exchange, 200, "{\"access_token\":\"shared\"}");
        });
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier together = new CyclicBarrier(threads + 1);
      List<Future<String>> tokens = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        tokens.add(
            pool.submit(
                () -> {
                  together.await();
                  return token();
                }));
      }
      together.await(60, TimeUnit.SECONDS);
      await().until(() -> server.forms().size() == 1);
      release.countDown();

      for (Future<String> token : tokens) {
        assertThat(token.get(60, TimeUnit.SECONDS)).isEqualTo("Bearer shared");
      }
      assertThat(server.forms()).hasSize(1);
    } finally {
      pool.shutdownNow();
    }
  }

  static Stream<Arguments> badAnswers() {
    return Stream.of(
        Arguments.of(500, "", "HTTP 500"),
        Arguments.of(200, "<html>Welcome " + SECRET + "</html>", "without a usable access_token"),
        Arguments.of(200, "{}", "without a usable access_token"),
        Arguments.of(200, "{\"access_token\":\"a b\"}", "without a usable access_token"),
        Arguments.of(200, "{\"access_token\":\"a\\nX: y\"}", "without a usable access_token"),
        Arguments.of(
            401,
            "{\"error\":\"invalid_client\",\"error_description\":\"bad " + SECRET + "\"}",
            "HTTP 401 (invalid_client)"),
        Arguments.of(400, "{\"error\":\"" + SECRET + "\"}", "HTTP 400"),
        Arguments.of(307, "", "HTTP 307"),
        Arguments.of(200, "{\"access_token\":\"" + "x".repeat(300_000) + "\"}", "exceeds"));
  }

  @ParameterizedTest
  @MethodSource("badAnswers")
  void fetch_answeredBadly_saysWhatWithoutSecrets(int status, String body, String why) {
    server.answers(status, body);

    assertClear(catchThrowable(this::token), why);
  }

  @Test
  void fetch_nobodyListens_saysSo() {
    server.close();

    assertClear(catchThrowable(this::token), "no connection");
  }

  @Test
  void fetch_slowBody_endsWithTheTimeout() {
    CountDownLatch never = new CountDownLatch(1);
    server.answers(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          awaitQuietly(never);
        });
    Identity impatient = identity("me:" + SECRET, Duration.ofMillis(300));

    assertClear(catchThrowable(() -> impatient.prove(CALL)), "within PT0.3S");
  }

  @Test
  void fetch_failed_isNotTriedAgainForASecond() {
    server.answers(500, "");
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(this::token).isInstanceOf(IdentityException.class);
    }
    assertThat(server.forms()).hasSize(1);

    clock.step(OAuth2Identity.PAUSE_AFTER_FAILURE);
    assertThatThrownBy(this::token).isInstanceOf(IdentityException.class);
    assertThat(server.forms()).hasSize(2);
  }

  @Test
  void prints_holdNoSecret() {
    Proof proof = identity.prove(CALL);

    assertThat(Stream.of(identity, proof, ClientCredential.parse("me:" + SECRET), CALL))
        .allSatisfy(
            printed -> assertThat(printed.toString()).doesNotContain(SECRET, "token-1", "Bearer"));
    assertThat(new AccessToken("token-1", Instant.EPOCH, Optional.empty()).toString())
        .doesNotContain("token-1");
  }

  private void assertClear(Throwable failure, String why) {
    assertThat(failure)
        .isInstanceOf(IdentityException.class)
        .hasMessageStartingWith("No token from " + server.uri() + ": ")
        .hasMessageContaining(why);
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertThat(cause.toString()).doesNotContain(SECRET, "pa%3Ass");
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
