package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.ListType;
import io.twinberg.config.yaml.Schema;
import io.twinberg.config.yaml.Section;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what; nobody may do anything without a token.
 *
 * @param oidc whose JWTs are taken for tokens
 */
public record AccessConfig(List<TokenConfig> tokens, Optional<OidcConfig> oidc) {
  private static final Key<AccessConfig, List<TokenConfig>> TOKENS =
      Key.of(
          "tokens",
          ListType.distinct(TokenConfig.SCHEMA, TokenConfig::name, "has the name of"),
          "[]",
          AccessConfig::tokens);

  private static final Key<AccessConfig, OidcConfig> OIDC =
      Key.optional("oidc", OidcConfig.SCHEMA, "none", AccessConfig::oidc);

  static final Schema<AccessConfig> SCHEMA = new Schema<>(AccessConfig::read, TOKENS, OIDC);

  public AccessConfig {
    tokens = List.copyOf(tokens);
    Map<Secret, String> seen = new HashMap<>();
    for (TokenConfig token : tokens) {
      @Nullable String other = seen.putIfAbsent(token.secret(), token.name());
      if (other != null) {
        throw new IllegalArgumentException(
            "tokens '" + other + "' and '" + token.name() + "' have the same secret");
      }
    }
  }

  private static AccessConfig read(Section section) {
    return new AccessConfig(section.get(TOKENS), section.find(OIDC));
  }
}
