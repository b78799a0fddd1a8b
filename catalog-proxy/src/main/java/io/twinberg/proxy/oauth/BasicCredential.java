package io.twinberg.proxy.oauth;

import io.twinberg.proxy.access.Client;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A client's credential as HTTP Basic. */
final class BasicCredential {
  private static final String SCHEME = "basic ";

  private BasicCredential() {}

  /**
   * The readings of a header, none where it is no Basic: as it is, which is what Iceberg's client
   * sends, and form-encoded, as RFC 6749 demands.
   */
  static List<Client> readings(Optional<String> authorization) throws OAuthProblem {
    if (authorization.isEmpty()
        || !authorization.get().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return List.of();
    }
    Client plain = client(decoded(authorization.get().substring(SCHEME.length()).trim()));
    return plain.secret().indexOf('%') < 0 && plain.secret().indexOf('+') < 0
        ? List.of(plain)
        : List.of(plain, unescaped(plain));
  }

  private static String decoded(String base64) throws OAuthProblem {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw OAuthProblem.invalidRequest("the Authorization header is not Base64");
    }
  }

  private static Client client(String credential) {
    int colon = credential.indexOf(':');
    Optional<String> id =
        Optional.of(credential.substring(0, Math.max(colon, 0))).filter(text -> !text.isEmpty());
    return new Client(id, credential.substring(colon + 1));
  }

  private static Client unescaped(Client plain) {
    try {
      return new Client(plain.id(), TokenForm.decoded(plain.secret()));
    } catch (OAuthProblem e) {
      return plain;
    }
  }
}
