package io.twinberg.proxy.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.twinberg.config.OidcConfig;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * Verifies the JWTs of an issuer. What a JWT says of itself is looked at first, which costs little
 * and needs no key; only what would be let in has its signature checked, a bounded number at a
 * time, and those that are right are remembered for a while.
 */
public final class JwtVerifier implements AutoCloseable {
  private static final int MAX_LENGTH = 16 * 1024;
  private static final int MAX_REMEMBERED = 10_000;
  private static final int CHECKS_AT_ONCE = 16;
  private static final Duration REFRESH_AHEAD = Duration.ofSeconds(30);

  /** Nobody but the issuer can make signatures of these. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final OidcConfig config;
  private final Clock clock;
  private final ClaimGrants grants;
  private final JWKSource<SecurityContext> keys;
  private final DefaultJWTClaimsVerifier<SecurityContext> claimsVerifier;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final Semaphore checks = new Semaphore(CHECKS_AT_ONCE);
  private final Cache<String, Remembered> remembered;

  private record Remembered(Verdict verdict, Instant end) {}

  /** Verifies by the keys of an issuer, which need not answer yet. */
  public JwtVerifier(OidcConfig config, Clock clock, KeyTimes times) {
    this.config = config;
    this.clock = clock;
    this.grants = new ClaimGrants(config);
    this.keys = keys(config, times);
    this.claimsVerifier = claimsVerifier();
    this.remembered =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            // Not until they end: a key that the issuer takes back shall be of no use soon.
            .expireAfterWrite(times.fresh())
            .build();
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    processor.setJWTClaimsSetVerifier(claimsVerifier);
  }

  private static JWKSource<SecurityContext> keys(OidcConfig config, KeyTimes times) {
    JWKSourceBuilder<SecurityContext> builder =
        JWKSourceBuilder.create(new IssuerKeys(config, times.timeout()))
            // A fetch is two requests where the issuer is asked for the place of its keys.
            .cache(times.fresh().toMillis(), times.timeout().multipliedBy(2).toMillis())
            .rateLimited(times.pause().toMillis())
            .outageTolerant(times.outage().toMillis());
    boolean ahead = times.fresh().compareTo(REFRESH_AHEAD.multipliedBy(2)) > 0;
    return ahead
        ? builder.refreshAheadCache(REFRESH_AHEAD.toMillis(), false).build()
        : builder.refreshAheadCache(false).build();
  }

  private DefaultJWTClaimsVerifier<SecurityContext> claimsVerifier() {
    DefaultJWTClaimsVerifier<SecurityContext> verifier =
        new DefaultJWTClaimsVerifier<>(
            config.audience(),
            new JWTClaimsSet.Builder().issuer(config.issuer().toString()).build(),
            Set.of("exp")) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    verifier.setMaxClockSkew((int) config.clockSkew().toSeconds());
    return verifier;
  }

  /**
   * What a text is, empty for all that does not even say that the issuer has made it, and for what
   * is not worth a check.
   *
   * @param worth whether to check the signature of what says that it is a caller's of this name;
   *     what is remembered needs no check
   */
  public Optional<Verdict> verify(String text, Predicate<String> worth) {
    // JSON in Base64, to begin with; so the secrets of others are not looked at any further.
    if (text.length() > MAX_LENGTH || !text.startsWith("ey")) {
      return Optional.empty();
    }
    String hash = hash(text);
    Remembered known = remembered.getIfPresent(hash);
    return known != null && clock.instant().isBefore(known.end())
        ? Optional.of(known.verdict())
        : parsed(text).flatMap(jwt -> verdict(jwt, hash, worth));
  }

  private Optional<Jwt> parsed(String text) {
    try {
      SignedJWT signed = SignedJWT.parse(text);
      JWTClaimsSet claims = signed.getJWTClaimsSet();
      return config.issuer().toString().equals(claims.getIssuer())
          ? Optional.of(new Jwt(signed, claims))
          : Optional.empty();
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  private record Jwt(SignedJWT signed, JWTClaimsSet claims) {}

  private Optional<Verdict> verdict(Jwt jwt, String hash, Predicate<String> worth) {
    Verdict said = said(jwt);
    return said instanceof Verdict.Accepted || said instanceof Verdict.Powerless
        ? grants.name(jwt.claims().getClaims()).filter(worth).map(n -> withKey(jwt, said, hash))
        : Optional.of(said);
  }

  /** What it would be if its issuer has signed it. */
  private Verdict said(Jwt jwt) {
    JWSAlgorithm algorithm = jwt.signed().getHeader().getAlgorithm();
    if (!ALGORITHMS.contains(algorithm)) {
      return new Verdict.Forged("its algorithm is none of RS, PS or ES with 256, 384 or 512");
    }
    try {
      claimsVerifier.verify(jwt.claims(), null);
    } catch (ExpiredJWTException e) {
      return new Verdict.Unfit("it has expired");
    } catch (BadJWTException e) {
      return new Verdict.Unfit(String.valueOf(e.getMessage()));
    }
    return grants.verdict(jwt.claims().getClaims());
  }

  private Verdict withKey(Jwt jwt, Verdict verdict, String hash) {
    if (!checks.tryAcquire()) {
      return new Verdict.Unsure("Too many bearer tokens are being checked; try again.");
    }
    try {
      processor.process(jwt.signed(), null);
      Instant end = jwt.claims().getExpirationTime().toInstant().plus(config.clockSkew());
      remembered.put(hash, new Remembered(verdict, end));
      return verdict;
    } catch (KeySourceException e) {
      return new Verdict.Unsure(
          "The bearer token cannot be checked, for the keys of its issuer cannot be had now; try"
              + " again.");
    } catch (BadJOSEException | JOSEException e) {
      return new Verdict.Forged("none of its issuer's keys has signed it");
    } finally {
      checks.release();
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    if (keys instanceof Closeable open) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
