package io.twinberg.config;

import io.twinberg.config.yaml.ValueType;
import io.twinberg.config.yaml.Variants;
import io.twinberg.config.yaml.Variants.Variant;

/** The choices of {@code auth} and {@code forward-auth}. */
final class SourceAuthType {
  static final ValueType<SourceAuth> TYPE =
      new Variants<>(
          new Variant<>("none", SourceAuth.None.class, SourceAuth.None.SCHEMA),
          new Variant<>("bearer", SourceAuth.Bearer.class, SourceAuth.Bearer.SCHEMA),
          new Variant<>("oauth2", SourceAuth.OAuth2.class, SourceAuth.OAuth2.SCHEMA),
          new Variant<>("sigv4", SourceAuth.SigV4.class, SourceAuth.SigV4.SCHEMA));

  private SourceAuthType() {}
}
