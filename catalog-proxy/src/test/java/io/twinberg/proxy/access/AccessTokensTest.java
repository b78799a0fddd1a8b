package io.twinberg.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.twinberg.proxy.access.AccessTokens.Holder;
import io.twinberg.testing.SteppedClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Access tokens work in every process with the same configuration, and in no other. */
class AccessTokensTest {
  private static final String SECRET = "a secret that is long enough to be a key of its own";
  private static final Token ETL = new Token("etl", SECRET, List.of());
  private static final Token OTHER = new Token("other", SECRET + "!", List.of());

  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final AccessTokens tokens = knowing(ETL, OTHER);

  private AccessTokens knowing(Token... tokens) {
    return new AccessTokens(new KnownTokens(List.of(tokens)), clock, Duration.ofHours(1));
  }

  @Test
  void token_isKnownToOtherProcessesUntilItExpires() {
    String text = tokens.issue(ETL).value();

    assertThat(knowing(OTHER, ETL).holder(text)).contains(new Holder(ETL, false));
    clock.step(Duration.ofSeconds(3599));
    assertThat(tokens.holder(text)).contains(new Holder(ETL, false));
    clock.step(Duration.ofSeconds(1));
    assertThat(tokens.holder(text)).contains(new Holder(ETL, true));
  }

  @Test
  void token_diesWithItsSecretItsNameAndItsEntry() {
    String text = tokens.issue(ETL).value();

    assertThat(knowing(new Token("etl", "another", List.of())).holder(text)).isEmpty();
    assertThat(knowing(new Token("renamed", SECRET, List.of())).holder(text)).isEmpty();
    assertThat(knowing(OTHER).holder(text)).isEmpty();
  }

  @Test
  void token_holdsNothingOfTheSecret() {
    String text = tokens.issue(ETL).value();

    String[] parts = text.split("\\.");
    for (int i = 0; i < 2; i++) {
      String plain = new String(Base64.getUrlDecoder().decode(parts[i]), StandardCharsets.UTF_8);
      assertThat(plain).doesNotContain("secret");
    }
    assertThat(tokens.issue(ETL)).asString().doesNotContain(text);
  }

  @Test
  void token_thatSaysAnotherNameAlgorithmOrTime_isUnknown() throws Exception {
    String[] parts = tokens.issue(ETL).value().split("\\.");
    String other = tokens.issue(OTHER).value().split("\\.")[1];
    String none = encoded("{\"alg\":\"none\"}");
    String hs512 = encoded("{\"alg\":\"HS512\"}");

    for (String text :
        List.of(
            parts[0] + "." + other + "." + parts[2],
            none + "." + parts[1] + "." + parts[2],
            none + "." + parts[1] + ".",
            hs512 + "." + parts[1] + "." + parts[2],
            parts[0] + "." + parts[1] + ".",
            parts[0] + "." + parts[1],
            parts[0] + "." + encoded("[]") + "." + parts[2],
            "..",
            "")) {
      assertThat(tokens.holder(text)).as(text).isEmpty();
    }
  }

  /** The secret itself is no key: who sees it used for something else cannot use it here. */
  @Test
  void token_signedWithTheSecretItself_isUnknown() throws Exception {
    for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384)) {
      SignedJWT forged = new SignedJWT(new JWSHeader(algorithm), claims().build());
      forged.sign(new MACSigner(SECRET));

      assertThat(tokens.holder(forged.serialize())).isEmpty();
    }
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("etl")
        .expirationTime(Date.from(clock.instant().plusSeconds(60)));
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
