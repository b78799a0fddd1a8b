package io.twinberg.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.twinberg.config.Grant;
import io.twinberg.database.Database;
import io.twinberg.proxy.access.AccessPolicy.Exchange;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import io.twinberg.token.ApiToken;
import io.twinberg.token.ApiTokens;
import io.twinberg.token.TokenSecret;
import io.twinberg.token.TokenWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of the API as callers use them, and access tokens for them. */
class IssuedTokensTest {
  private static final String ADDRESS = "192.0.2.1";

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final TokenSecret secret = TokenSecret.random();
  private Database database;
  private ApiTokens store;
  private TokenWatch watch;
  private AccessPolicy policy;

  @BeforeEach
  void open() {
    database = Databases.h2(folder);
    store = new ApiTokens(database);
    watch = new TokenWatch(store, false);
    policy = policy(watch);
    assertThat(store.create(token("etl", secret, Optional.empty())))
        .isEqualTo(ApiTokens.Creation.CREATED);
    watch.look();
  }

  private AccessPolicy policy(TokenWatch known) {
    FailedAttempts attempts = new FailedAttempts(new SimpleMeterRegistry(), Ticker.systemTicker());
    return AccessPolicy.tokens(
        List.of(), List.of(new IssuedTokens(known, Set.of(), clock)), attempts);
  }

  private ApiToken token(String name, TokenSecret its, Optional<Instant> end) {
    List<Grant> grants = List.of(Grant.parse("write:lake"));
    return new ApiToken(
        name,
        its.hash(),
        TokenSecret.randomKey(),
        grants,
        "boss",
        clock.instant(),
        end,
        Optional.empty());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Caller caller(String credential) {
    return policy.caller(Optional.of("Bearer " + credential), ADDRESS);
  }

  private String issued() {
    return policy
        .issue(new Client(Optional.of("etl"), secret.value()), ADDRESS)
        .orElseThrow()
        .value();
  }

  private void demand(String credential) {
    caller(credential).attempt().demandKnown("Send a token.");
  }

  @Test
  void accessToken_isItsHoldersForAnHour() {
    String access = issued();
    assertThat(access).startsWith("twb_access_").doesNotContain(secret.value());
    assertThat(caller(access).name()).isEqualTo("etl");
    assertThat(caller(access).access().mayWrite("lake")).isTrue();

    clock.step(Duration.ofMinutes(59));
    demand(access);
    clock.step(Duration.ofMinutes(1));

    assertThatThrownBy(() -> demand(access))
        .hasMessage("The access token has expired; get another from oauth/tokens.");
    assertThat(caller(access).access().mayWrite("lake")).isFalse();
  }

  @Test
  void accessToken_exchangedInTime_givesAFreshOne() {
    String access = issued();
    clock.step(Duration.ofMinutes(50));
    Exchange.Issued fresh = (Exchange.Issued) policy.exchange(access, ADDRESS);
    clock.step(Duration.ofMinutes(50));

    demand(fresh.token().value());
    assertThat(policy.exchange(access, ADDRESS)).isInstanceOf(Exchange.Expired.class);
    Client client = new Client(Optional.empty(), secret.value());
    assertThat(policy.exchange(access, client, ADDRESS)).isInstanceOf(Exchange.Issued.class);
    Client other = new Client(Optional.empty(), TokenSecret.random().value());
    assertThat(policy.exchange(access, other, ADDRESS)).isInstanceOf(Exchange.Unknown.class);
  }

  @Test
  void accessToken_endsWithItsToken() {
    TokenSecret its = TokenSecret.random();
    Instant end = clock.instant().plusSeconds(90);
    store.create(token("brief", its, Optional.of(end)));
    watch.look();

    AccessToken access =
        policy.issue(new Client(Optional.empty(), its.value()), ADDRESS).orElseThrow();

    assertThat(access.lifetime()).isEqualTo(Duration.ofSeconds(90));
    clock.step(Duration.ofSeconds(90));
    assertThatThrownBy(() -> demand(access.value())).hasMessageContaining("has expired");
    assertThat(policy.issue(new Client(Optional.empty(), its.value()), ADDRESS)).isEmpty();
  }

  @Test
  void accessToken_ofARevokedToken_isUnknownAlsoWhenTheNameIsBack() {
    String access = issued();
    store.revoke("etl", Set.of(), true, clock.instant());
    watch.look();
    assertThatThrownBy(() -> demand(access)).hasMessageContaining("none of Twinberg's");
    assertThat(policy.exchange(access, ADDRESS)).isInstanceOf(Exchange.Unknown.class);

    store.create(token("etl", TokenSecret.random(), Optional.empty()));
    watch.look();

    assertThatThrownBy(() -> demand(access)).hasMessageContaining("none of Twinberg's");
  }

  /** Who reads the database has the key, and no secret. */
  @Test
  void accessToken_sealedByWhoKnowsTheKeyAlone_isUnknown() throws Exception {
    ApiToken row = store.all().get(0);
    for (String guess : List.of(row.secretHash(), row.sealingKey(), TokenSecret.random().value())) {
      EncryptedJWT forged =
          new EncryptedJWT(
              new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                  .keyID("etl")
                  .build(),
              new JWTClaimsSet.Builder()
                  .claim("secret", guess)
                  .expirationTime(Date.from(clock.instant().plusSeconds(60)))
                  .build());
      forged.encrypt(new DirectEncrypter(HexFormat.of().parseHex(row.sealingKey())));

      assertThatThrownBy(() -> demand("twb_access_" + forged.serialize()))
          .hasMessageContaining("none of Twinberg's");
    }
    assertThatThrownBy(() -> demand(row.secretHash())).hasMessageContaining("none of Twinberg's");
  }

  @Test
  void credential_thatIsMangled_isUnknown() {
    String access = issued();
    String[] parts = access.split("\\.", -1);
    for (String text :
        List.of(
            access.substring(0, access.length() - 2),
            access.replace(parts[3], parts[3] + "AA"),
            "twb_access_",
            "twb_access_a.b.c.d.e",
            "twb_access_" + "a".repeat(1000),
            "twb_" + "a".repeat(43))) {
      assertThat(caller(text).name()).as(text).isEqualTo("anonymous");
      assertThatThrownBy(() -> demand(text))
          .isInstanceOfAny(RefusedException.class, AnsweredException.class);
    }
  }

  @Test
  void databaseIsGone_knownTokensGoOnAndOthersAreToldToComeBack() {
    String access = issued();
    database.close();
    watch.look();

    assertThatCode(() -> demand(secret.value())).doesNotThrowAnyException();
    assertThatCode(() -> demand(access)).doesNotThrowAnyException();
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> demand(TokenSecret.random().value()))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BUSY))
          .hasMessageContaining("cannot be checked now");
    }
    assertThatThrownBy(
            () -> policy.issue(new Client(Optional.empty(), TokenSecret.random().value()), ADDRESS))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> demand("not ours by its form"))
        .hasMessageContaining("none of Twinberg's");
  }

  @Test
  void process_thatHasNeverSeenTheDatabase_letsNobodyIn() {
    database.close();
    TokenWatch late = new TokenWatch(store, false);
    late.look();

    Caller caller = policy(late).caller(Optional.of("Bearer " + secret.value()), ADDRESS);

    assertThatThrownBy(() -> caller.attempt().demandKnown("Send a token."))
        .hasMessageContaining("cannot be checked now");
  }

  private void block() {
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> demand(TokenSecret.random().value()))
          .isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void guesses_blockTheAddress() {
    block();

    assertThat(policy.blockedFor(ADDRESS)).isPresent();
  }

  /** That a token which another process has just made stays unknown shows that nobody looked. */
  @Test
  void guesses_ofABlockedAddress_costNoLookAtTheDatabase() {
    TokenSecret late = TokenSecret.random();
    demand(secret.value());
    block();
    store.create(token("late", late, Optional.empty()));

    assertThatThrownBy(() -> demand(late.value())).isInstanceOf(BlockedException.class);
    assertThat(policy.issue(new Client(Optional.empty(), late.value()), ADDRESS)).isEmpty();
    assertThat(policy.exchange(late.value(), ADDRESS)).isInstanceOf(Exchange.Unknown.class);
    assertThat(watch.table().named("late")).isEmpty();
    assertThatCode(() -> demand(secret.value())).as("let in before").doesNotThrowAnyException();

    policy.caller(Optional.of("Bearer " + late.value()), "192.0.2.2").attempt().demandKnown("");
    assertThat(watch.table().named("late")).isPresent();
  }
}
