package io.twinberg.proxy.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Access tokens: JWTs that name one of Twinberg's tokens, signed with a key that only its secret
 * gives. So every process with the same configuration knows them, and they die with the secret.
 */
final class AccessTokens {
  private static final String MAC = "HmacSHA256";
  private static final String PURPOSE = "twinberg access token 1\n";

  private final KnownTokens tokens;
  private final Clock clock;
  private final Duration lifetime;

  /** Whose access token it is. */
  record Holder(Token token, boolean expired) {}

  AccessTokens(KnownTokens tokens, Clock clock, Duration lifetime) {
    this.tokens = tokens;
    this.clock = clock;
    this.lifetime = lifetime;
  }

  AccessToken issue(Token token) {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject(token.name())
            .issueTime(Date.from(clock.instant()))
            .expirationTime(Date.from(clock.instant().plus(lifetime)))
            .build();
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    try {
      jwt.sign(new MACSigner(key(token)));
    } catch (JOSEException e) {
      throw new IllegalStateException("an access token cannot be signed", e);
    }
    return new AccessToken(token.name(), jwt.serialize(), lifetime);
  }

  /** Whose it is, empty for everything that Twinberg has not signed for a token that it has. */
  Optional<Holder> holder(String text) {
    try {
      SignedJWT jwt = SignedJWT.parse(text);
      Optional<Token> token =
          Optional.ofNullable(jwt.getJWTClaimsSet().getSubject()).flatMap(tokens::named);
      return token.isPresent() && isSignedBy(token.get(), jwt)
          ? Optional.of(new Holder(token.get(), isExpired(jwt.getJWTClaimsSet())))
          : Optional.empty();
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  /** The algorithm is ours to say, not the token's. */
  private static boolean isSignedBy(Token token, SignedJWT jwt) {
    try {
      return jwt.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256)
          && jwt.verify(new MACVerifier(key(token)));
    } catch (JOSEException e) {
      return false;
    }
  }

  private boolean isExpired(JWTClaimsSet claims) {
    Date expiry = claims.getExpirationTime();
    return expiry == null || !clock.instant().isBefore(expiry.toInstant());
  }

  /** The name is part of it: who gives a secret to another token does not give its JWTs with it. */
  private static byte[] key(Token token) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(token.secret().getBytes(StandardCharsets.UTF_8), MAC));
      return mac.doFinal((PURPOSE + token.name()).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + MAC, e);
    }
  }
}
