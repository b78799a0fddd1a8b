package io.twinberg.proxy.access;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import io.twinberg.token.ApiToken;
import io.twinberg.token.TokenSecret;
import io.twinberg.token.TokenTable;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Access tokens for tokens whose secrets nobody keeps: encrypted JWTs that hold the secret, sealed
 * with a key of the token's row. Every process can open them and compare the secret with its hash.
 * Who reads the database has keys but no secret, and so can make none; who holds one cannot change
 * its end. With the row they end at once.
 */
final class SealedTokens {
  private static final String PREFIX = "twb_access_";
  private static final String SECRET = "secret";
  private static final int MAX_LENGTH = 2048;

  private final Clock clock;
  private final Duration lifetime;

  /** What an access token holds. */
  record Opened(ApiToken token, TokenSecret secret, Instant until) {}

  SealedTokens(Clock clock, Duration lifetime) {
    this.clock = clock;
    this.lifetime = lifetime;
  }

  /** Whether a text could be one: an encrypted JWT of somebody else's is not looked for. */
  static boolean hasForm(String text) {
    return text.length() <= MAX_LENGTH && text.startsWith(PREFIX);
  }

  AccessToken issue(ApiToken token, TokenSecret secret) {
    Instant now = clock.instant();
    Instant longest = now.plus(lifetime);
    Instant end = token.expiresAt().filter(longest::isAfter).orElse(longest);
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .claim(SECRET, secret.value())
            .expirationTime(Date.from(end))
            .build();
    JWEHeader header =
        new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
            .keyID(token.name())
            .build();
    EncryptedJWT jwt = new EncryptedJWT(header, claims);
    try {
      jwt.encrypt(new DirectEncrypter(key(token)));
    } catch (JOSEException e) {
      throw new IllegalStateException("an access token cannot be sealed", e);
    }
    return new AccessToken(token.name(), PREFIX + jwt.serialize(), Duration.between(now, end));
  }

  /**
   * What a text of that form holds, empty for all that Twinberg has not sealed for a token of the
   * table.
   */
  Optional<Opened> open(String text, TokenTable table) {
    try {
      EncryptedJWT jwt = EncryptedJWT.parse(text.substring(PREFIX.length()));
      Optional<ApiToken> token =
          Optional.ofNullable(jwt.getHeader().getKeyID()).flatMap(table::named);
      return token.isPresent() ? opened(jwt, token.get()) : Optional.empty();
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  /** The algorithms are ours to say; a key of 256 bits that both sides know fits no others. */
  private static Optional<Opened> opened(EncryptedJWT jwt, ApiToken token) throws ParseException {
    JWEHeader header = jwt.getHeader();
    if (!JWEAlgorithm.DIR.equals(header.getAlgorithm())
        || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())) {
      return Optional.empty();
    }
    try {
      jwt.decrypt(new DirectDecrypter(key(token)));
    } catch (JOSEException e) {
      return Optional.empty();
    }
    JWTClaimsSet claims = jwt.getJWTClaimsSet();
    TokenSecret secret = new TokenSecret(String.valueOf(claims.getStringClaim(SECRET)));
    Date end = claims.getExpirationTime();
    return end == null
        ? Optional.empty()
        : new TokenTable(List.of(token))
            .withSecret(secret)
            .map(it -> new Opened(it, secret, end.toInstant()));
  }

  private static byte[] key(ApiToken token) {
    return HexFormat.of().parseHex(token.sealingKey());
  }
}
