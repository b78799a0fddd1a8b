package io.twinberg.proxy.oauth;

import io.twinberg.proxy.access.Client;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a client asks of the token endpoint. */
sealed interface TokenRequest {
  /** A first token, for a secret; the readings of the credential, of which one must be right. */
  record ForSecret(List<Client> readings) implements TokenRequest {}

  /** A new token for an old one; no reading of a credential where none came. */
  record ForToken(String subject, List<Client> readings) implements TokenRequest {}

  /** The grant type of a request for a secret. */
  String CLIENT_CREDENTIALS = "client_credentials";

  /** The grant type of a request for an older token. */
  String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

  /** What kind of token is issued. */
  String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

  /** The kinds of tokens that may be exchanged. */
  Set<String> SUBJECTS = Set.of(ACCESS_TOKEN, "urn:ietf:params:oauth:token-type:jwt");

  /** Reads a request from its form and its {@code Authorization} header. */
  static TokenRequest of(TokenForm form, Optional<String> authorization) throws OAuthProblem {
    List<Client> readings = readings(form, authorization);
    String grant =
        form.value("grant_type")
            .orElseThrow(() -> OAuthProblem.invalidRequest("grant_type is missing"));
    return switch (grant) {
      case CLIENT_CREDENTIALS -> new ForSecret(readings);
      case TOKEN_EXCHANGE -> new ForToken(subject(form), readings);
      default ->
          throw OAuthProblem.unsupportedGrant(
              "use " + CLIENT_CREDENTIALS + " or " + TOKEN_EXCHANGE);
    };
  }

  private static List<Client> readings(TokenForm form, Optional<String> authorization)
      throws OAuthProblem {
    List<Client> basic = BasicCredential.readings(authorization);
    Optional<String> secret = form.value("client_secret");
    if (!basic.isEmpty() && secret.isPresent()) {
      throw OAuthProblem.invalidRequest("the client's secret came in two ways");
    }
    return secret.map(value -> List.of(new Client(form.value("client_id"), value))).orElse(basic);
  }

  private static String subject(TokenForm form) throws OAuthProblem {
    if (form.value("subject_token_type").filter(SUBJECTS::contains).isEmpty()) {
      throw OAuthProblem.invalidRequest("subject_token_type must be " + ACCESS_TOKEN);
    }
    return form.value("subject_token")
        .orElseThrow(() -> OAuthProblem.invalidRequest("subject_token is missing"));
  }
}
