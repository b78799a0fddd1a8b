package io.twinberg.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a token server answers. Of an answer that is no token nothing is repeated but its status and
 * one of the standard's codes: servers may quote the request, and with it the secret.
 */
final class TokenAnswer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> ERROR_CODES =
      Set.of(
          "access_denied",
          "invalid_client",
          "invalid_grant",
          "invalid_request",
          "invalid_scope",
          "server_error",
          "temporarily_unavailable",
          "unauthorized_client",
          "unsupported_grant_type");
  private static final long LONGEST_SECONDS = Duration.ofDays(365).toSeconds();

  private TokenAnswer() {}

  /**
   * The token of an answer.
   *
   * @throws IllegalArgumentException saying what is wrong with one that has none
   */
  static AccessToken token(int status, byte[] body, Instant asked) {
    JsonNode json = json(body);
    if (status != 200) {
      throw new IllegalArgumentException("HTTP " + status + errorCode(json));
    }
    if (!AccessToken.isHeaderSafe(json.path("access_token").asText(""))) {
      throw new IllegalArgumentException(
          "HTTP 200 without a usable access_token; is it the URI of a token server?");
    }
    return new AccessToken(json.path("access_token").asText(), asked, lifetime(json));
  }

  private static JsonNode json(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static String errorCode(JsonNode json) {
    String code = json.path("error").asText("");
    return ERROR_CODES.contains(code) ? " (" + code + ")" : "";
  }

  /** Servers write numbers or texts; what is not positive says nothing. */
  private static Optional<Duration> lifetime(JsonNode json) {
    long seconds = json.path("expires_in").asLong(0);
    return seconds > 0
        ? Optional.of(Duration.ofSeconds(Math.min(seconds, LONGEST_SECONDS)))
        : Optional.empty();
  }
}
