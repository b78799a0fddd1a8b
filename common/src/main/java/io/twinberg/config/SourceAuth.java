package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.Schema;
import java.net.URI;
import java.util.Optional;

/** How Twinberg proves to a source who it is. */
public sealed interface SourceAuth {

  /** Not at all. */
  record None() implements SourceAuth {
    static final Schema<None> SCHEMA = new Schema<>(section -> new None());
  }

  /** A fixed token in the {@code Authorization} header. */
  record Bearer(Secret token) implements SourceAuth {
    private static final Key<Bearer, Secret> TOKEN =
        Key.required("token", Types.SECRET, Bearer::token);
    static final Schema<Bearer> SCHEMA =
        new Schema<>(section -> new Bearer(section.get(TOKEN)), TOKEN);

    /** Refuses what no header can carry. */
    public Bearer {
      if (!token.reveal().chars().allMatch(c -> c > ' ' && c <= '~')) {
        throw new IllegalArgumentException(
            "'token' must be of printable ASCII characters without spaces");
      }
    }
  }

  /**
   * Client credentials, {@code client-id:client-secret} or the secret alone; without server URI the
   * source's own token endpoint.
   */
  record OAuth2(Secret credential, Optional<URI> serverUri, String scope) implements SourceAuth {
    private static final Key<OAuth2, Secret> CREDENTIAL =
        Key.required("credential", Types.SECRET, OAuth2::credential);
    private static final Key<OAuth2, URI> SERVER_URI =
        Key.optional(
            "server-uri", Types.HTTP_URI, "the source's own `oauth/tokens`", OAuth2::serverUri);
    private static final Key<OAuth2, String> SCOPE =
        Key.of("scope", Types.TEXT, "catalog", OAuth2::scope);
    static final Schema<OAuth2> SCHEMA =
        new Schema<>(
            section ->
                new OAuth2(section.get(CREDENTIAL), section.find(SERVER_URI), section.get(SCOPE)),
            CREDENTIAL,
            SERVER_URI,
            SCOPE);

    /** Refuses a credential without a secret. */
    public OAuth2 {
      String text = credential.reveal();
      if (text.substring(text.indexOf(':') + 1).isBlank()) {
        throw new IllegalArgumentException(
            "'credential' must be client-id:client-secret, or the secret alone");
      }
    }
  }

  /** AWS signatures; without keys those of AWS's default chain. */
  record SigV4(
      String signingName,
      String region,
      Optional<Secret> accessKeyId,
      Optional<Secret> secretAccessKey)
      implements SourceAuth {
    private static final Key<SigV4, String> SIGNING_NAME =
        Key.of("signing-name", Types.TEXT, "execute-api", SigV4::signingName);
    private static final Key<SigV4, String> REGION =
        Key.required("region", Types.TEXT, SigV4::region);
    private static final Key<SigV4, Secret> ACCESS_KEY_ID =
        Key.optional("access-key-id", Types.SECRET, "AWS's default chain", SigV4::accessKeyId);
    private static final Key<SigV4, Secret> SECRET_ACCESS_KEY =
        Key.optional(
            "secret-access-key", Types.SECRET, "AWS's default chain", SigV4::secretAccessKey);
    static final Schema<SigV4> SCHEMA =
        new Schema<>(
            section ->
                new SigV4(
                    section.get(SIGNING_NAME),
                    section.get(REGION),
                    section.find(ACCESS_KEY_ID),
                    section.find(SECRET_ACCESS_KEY)),
            SIGNING_NAME,
            REGION,
            ACCESS_KEY_ID,
            SECRET_ACCESS_KEY);

    public SigV4 {
      if (accessKeyId.isPresent() != secretAccessKey.isPresent()) {
        throw new IllegalArgumentException(
            "'access-key-id' and 'secret-access-key' belong together");
      }
    }
  }
}
