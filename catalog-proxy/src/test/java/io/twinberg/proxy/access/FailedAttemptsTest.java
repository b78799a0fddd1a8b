package io.twinberg.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.twinberg.config.Grant;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever guesses is slowed down, and nobody else. */
class FailedAttemptsTest {
  private static final String GUESSER = "192.0.2.7";
  private static final String NEIGHBOUR = "192.0.2.8";

  private final AtomicLong nanos = new AtomicLong();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AccessPolicy policy =
      AccessPolicy.tokens(
          List.of(new Token("etl", "s-etl", List.of(Grant.parse("write:lake")))),
          new FailedAttempts(registry, nanos::get));

  private void step(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void attempt(String bearer, String address) {
    Caller caller = policy.caller(Optional.of("Bearer " + bearer), address);
    caller.attempt().demandKnown("Send a token.");
  }

  private void fail(String address, int times) {
    for (int i = 0; i < times; i++) {
      String guess = "guess " + i;
      assertThatThrownBy(() -> attempt(guess, address)).isInstanceOf(RefusedException.class);
    }
  }

  /** The seconds that a blocked address is told to wait. */
  private long refused(String bearer, String address) {
    try {
      attempt(bearer, address);
    } catch (AnsweredException e) {
      CatalogAnswer answer = e.answer();
      assertThat(answer.status()).isEqualTo(429);
      return answer.headers().stream()
          .filter(header -> header.name().equals("Retry-After"))
          .mapToLong(header -> Long.parseLong(header.value()))
          .findFirst()
          .orElseThrow();
    }
    throw new AssertionError("the attempt was looked at");
  }

  @Test
  void tenFailures_blockTheAddressForTheRightSecretToo() {
    fail(GUESSER, 10);

    assertThat(refused("guess", GUESSER)).isEqualTo(61);
    assertThat(refused("s-etl", GUESSER)).isEqualTo(61);
    assertThatCode(() -> attempt("s-etl", NEIGHBOUR)).doesNotThrowAnyException();
  }

  @Test
  void tenFailures_tokenThatWasLetInFromThereBefore_isLetInOn() {
    attempt("s-etl", GUESSER);
    fail(GUESSER, 10);

    assertThat(refused("guess", GUESSER)).isEqualTo(61);
    assertThatCode(() -> attempt("s-etl", GUESSER)).doesNotThrowAnyException();

    step(Duration.ofHours(3));
    fail(GUESSER, 10);

    assertThat(refused("s-etl", GUESSER)).as("after a long silence").isEqualTo(61);
  }

  @Test
  void block_endsByItself() {
    fail(GUESSER, 10);
    step(Duration.ofSeconds(59));
    assertThat(refused("s-etl", GUESSER)).isEqualTo(2);

    step(Duration.ofSeconds(1));

    assertThatCode(() -> attempt("s-etl", GUESSER)).doesNotThrowAnyException();
  }

  /** Nobody has looked whether it is right, so it is neither let in nor a failure. */
  @Test
  void credential_thatCameBeforeTheBlockEnded_isToldToComeAgain() {
    fail(GUESSER, 10);
    Caller caller = policy.caller(Optional.of("Bearer unknown"), GUESSER);
    step(Duration.ofMinutes(1));

    assertThatThrownBy(() -> caller.attempt().demandKnown("Send a token."))
        .isInstanceOf(BlockedException.class);
    assertThat(registry.counter("access.attempts.failed").count()).isEqualTo(10);
  }

  @Test
  void blocks_growAndAreForgotten() {
    for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 32}) {
      fail(GUESSER, 10);
      assertThat(refused("guess", GUESSER)).isEqualTo(minutes * 60 + 1);
      step(Duration.ofMinutes(minutes));
    }

    step(Duration.ofHours(2));
    fail(GUESSER, 10);

    assertThat(refused("guess", GUESSER)).isEqualTo(61);
  }

  @Test
  void failures_thatAreFarApart_blockNobody() {
    for (int i = 0; i < 40; i++) {
      fail(GUESSER, 1);
      step(Duration.ofSeconds(7));
    }

    assertThatCode(() -> attempt("s-etl", GUESSER)).doesNotThrowAnyException();
  }

  @Test
  void attemptsWhileBlocked_doNotProlongIt() {
    fail(GUESSER, 10);
    for (int i = 0; i < 50; i++) {
      refused("guess", GUESSER);
    }
    step(Duration.ofMinutes(1));

    assertThatCode(() -> attempt("s-etl", GUESSER)).doesNotThrowAnyException();
    assertThat(registry.counter("access.attempts.failed").count()).isEqualTo(10);
    assertThat(registry.counter("access.attempts.refused").count()).isEqualTo(50);
  }

  /** Catalogs that are not ours to guard may know the credential. */
  @Test
  void credentials_thatNobodyAsksFor_doNotCount() {
    for (int i = 0; i < 100; i++) {
      policy.caller(Optional.of("Bearer of-the-upstream"), GUESSER);
    }

    assertThatCode(() -> attempt("s-etl", GUESSER)).doesNotThrowAnyException();
  }

  @Test
  void callsWithoutCredential_doNotCount() {
    for (int i = 0; i < 100; i++) {
      Caller caller = policy.caller(Optional.empty(), GUESSER);
      assertThatThrownBy(() -> caller.attempt().demandKnown("Send a token."))
          .isInstanceOf(RefusedException.class)
          .hasMessage("Send a token.");
    }

    assertThatCode(() -> attempt("s-etl", GUESSER)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
    "2001:db8:1:2::1, 2001:db8:1:3::1, false",
    "[2001:db8:1:2::1], 2001:DB8:1:2:0:0:0:7, true",
    "::ffff:192.0.2.7, 192.0.2.7, true"
  })
  void addresses_ofOneNetwork_areOneGuesser(String one, String other, boolean same) {
    fail(one, 10);

    if (same) {
      assertThat(refused("s-etl", other)).isEqualTo(61);
    } else {
      assertThatCode(() -> attempt("s-etl", other)).doesNotThrowAnyException();
    }
  }

  @Test
  void manyAddresses_areNotAllRemembered() {
    for (int i = 0; i < 30_000; i++) {
      fail("10.%d.%d.%d".formatted(i >> 16, i >> 8 & 255, i & 255), 1);
    }

    assertThat(policy.blockedFor(GUESSER)).isEmpty();
    assertThat(registry.counter("access.attempts.failed").count()).isEqualTo(30_000);
  }
}
