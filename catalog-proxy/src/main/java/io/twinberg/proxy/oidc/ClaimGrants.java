package io.twinberg.proxy.oidc;

import io.twinberg.config.Grant;
import io.twinberg.config.OidcConfig;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the claims of a JWT say of its holder: a name, and values that have grants. */
record ClaimGrants(OidcConfig config) {
  private static final int LONGEST_NAME = 200;

  /** The name of callers: set apart from those of tokens, which an issuer must not give away. */
  private static final String PREFIX = "oidc:";

  /** The claims whose text is words parted by spaces, as RFC 8693 and Entra ID have them. */
  private static final Set<String> SCOPES = Set.of("scope", "scp");

  Verdict verdict(Map<String, Object> claims) {
    Optional<String> name = name(claims);
    if (name.isEmpty()) {
      return new Verdict.Unfit(
          "its claim '%s' is missing or no name of up to %d characters"
              .formatted(config.nameClaim(), LONGEST_NAME));
    }
    List<Grant> grants = grants(claims);
    return grants.isEmpty()
        ? new Verdict.Powerless(
            "The bearer token of %s is valid, but allows nothing here: its claim '%s' holds no value that has grants in access.oidc."
                .formatted(name.get(), config.claim()))
        : new Verdict.Accepted(name.get(), grants);
  }

  /** Names go to logs and to the database, so they are of what these can hold. */
  Optional<String> name(Map<String, Object> claims) {
    return claim(claims, config.nameClaim())
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(name -> !name.isBlank() && name.length() <= LONGEST_NAME)
        .filter(name -> name.chars().noneMatch(Character::isISOControl))
        .filter(name -> StandardCharsets.UTF_8.newEncoder().canEncode(name))
        .map(PREFIX::concat);
  }

  private List<Grant> grants(Map<String, Object> claims) {
    Set<String> values =
        claim(claims, config.claim()).stream().flatMap(this::values).collect(Collectors.toSet());
    return config.grants().entrySet().stream()
        .filter(mapped -> values.contains(mapped.getKey()))
        .flatMap(mapped -> mapped.getValue().stream())
        .distinct()
        .toList();
  }

  /**
   * One value, or a list of values. Only a scope's text holds several: a group's name may have
   * spaces, and the groups of its words are others.
   */
  private Stream<String> values(Object claim) {
    if (claim instanceof String text) {
      return SCOPES.contains(config.claim()) ? Stream.of(text.split(" ")) : Stream.of(text);
    }
    return claim instanceof Collection<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast)
        : Stream.empty();
  }

  /** A claim of that very name, which may have dots, or else one inside others. */
  private static Optional<Object> claim(Map<?, ?> claims, String path) {
    Optional<Object> whole = Optional.ofNullable(claims.get(path));
    int dot = path.indexOf('.');
    return whole.isPresent() || dot < 0
        ? whole
        : Optional.ofNullable(claims.get(path.substring(0, dot)))
            .filter(Map.class::isInstance)
            .flatMap(inner -> claim((Map<?, ?>) inner, path.substring(dot + 1)));
  }
}
