package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.ListType;
import io.twinberg.config.yaml.Schema;
import java.util.List;

/**
 * A bearer token: the name that logs and audits show, the secret that callers send, and what it
 * allows.
 */
public record TokenConfig(String name, Secret secret, List<Grant> grants) {
  private static final Key<TokenConfig, String> NAME =
      Key.required("name", Types.NAME, TokenConfig::name);
  private static final Key<TokenConfig, Secret> SECRET =
      Key.required("secret", Types.SECRET, TokenConfig::secret);
  private static final Key<TokenConfig, List<Grant>> GRANTS =
      Key.of("grants", ListType.of(Grant.TYPE), "[]", TokenConfig::grants);

  static final Schema<TokenConfig> SCHEMA =
      new Schema<>(
          section -> new TokenConfig(section.get(NAME), section.get(SECRET), section.get(GRANTS)),
          NAME,
          SECRET,
          GRANTS);

  public TokenConfig {
    grants = List.copyOf(grants);
  }
}
