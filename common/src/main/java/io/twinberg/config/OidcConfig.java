package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.ListType;
import io.twinberg.config.yaml.MapType;
import io.twinberg.config.yaml.Schema;
import io.twinberg.config.yaml.Section;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An OpenID Connect issuer whose JWTs are taken for bearer tokens.
 *
 * @param issuer what their {@code iss} says, to the letter
 * @param audience what their {@code aud} must hold
 * @param jwksUri where the issuer's keys are, if it is not asked for that
 * @param claim the claim whose values have grants
 * @param grants what each value of the claim allows
 * @param nameClaim the claim under whose value the caller appears in logs and audits
 * @param clockSkew how much clocks may differ
 */
public record OidcConfig(
    URI issuer,
    String audience,
    Optional<URI> jwksUri,
    String claim,
    Map<String, List<Grant>> grants,
    String nameClaim,
    Duration clockSkew) {
  private static final Duration MAX_SKEW = Duration.ofMinutes(10);
  private static final ListType<Grant> GRANT_LIST = ListType.of(Grant.TYPE);

  private static final Key<OidcConfig, URI> ISSUER =
      Key.required("issuer", Types.HTTP_URI, OidcConfig::issuer);
  private static final Key<OidcConfig, String> AUDIENCE =
      Key.required("audience", Types.TEXT, OidcConfig::audience);
  private static final Key<OidcConfig, URI> JWKS_URI =
      Key.optional(
          "jwks-uri",
          Types.HTTP_URI,
          "what `<issuer>/.well-known/openid-configuration` says",
          OidcConfig::jwksUri);
  private static final Key<OidcConfig, String> CLAIM =
      Key.of("claim", Types.TEXT, "groups", OidcConfig::claim);
  private static final Key<OidcConfig, Map<String, List<Grant>>> GRANTS =
      Key.of(
          "grants",
          new MapType<>(
              "lists of grants by value", GRANT_LIST, (value, list) -> GRANT_LIST.show(list)),
          "{}",
          OidcConfig::grants);
  private static final Key<OidcConfig, String> NAME_CLAIM =
      Key.of("name-claim", Types.TEXT, "sub", OidcConfig::nameClaim);
  private static final Key<OidcConfig, Duration> CLOCK_SKEW =
      Key.of("clock-skew", Types.DURATION, "60s", OidcConfig::clockSkew);

  static final Schema<OidcConfig> SCHEMA =
      new Schema<>(
          OidcConfig::read, ISSUER, AUDIENCE, JWKS_URI, CLAIM, GRANTS, NAME_CLAIM, CLOCK_SKEW);

  /** Refuses keys that anybody on the way could replace. */
  public OidcConfig {
    grants = Collections.unmodifiableMap(new LinkedHashMap<>(grants));
    requireSafe("issuer", issuer);
    jwksUri.ifPresent(uri -> requireSafe("jwks-uri", uri));
    if (clockSkew.compareTo(MAX_SKEW) > 0) {
      throw new IllegalArgumentException("'clock-skew' must be at most 10m");
    }
  }

  private static void requireSafe(String key, URI uri) {
    if (!isSafe(uri)) {
      throw new IllegalArgumentException(
          "'%s' must be an https URI; http is for loopback hosts only".formatted(key));
    }
  }

  /** Whether nobody on the way to a URI can answer in its place. */
  public static boolean isSafe(URI uri) {
    return "https".equals(uri.getScheme())
        || ("http".equals(uri.getScheme())
            && uri.getHost() != null
            && WholeFileChecks.LOOPBACK.matcher(uri.getHost()).matches());
  }

  /** All that callers may be allowed by this. */
  public List<Grant> allGrants() {
    return grants.values().stream().flatMap(List::stream).toList();
  }

  private static OidcConfig read(Section section) {
    return new OidcConfig(
        section.get(ISSUER),
        section.get(AUDIENCE),
        section.find(JWKS_URI),
        section.get(CLAIM),
        section.get(GRANTS),
        section.get(NAME_CLAIM),
        section.get(CLOCK_SKEW));
  }
}
