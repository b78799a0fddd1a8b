package io.twinberg.proxy.oauth;

import io.twinberg.http.PathSegments;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The parameters of a form; none may come twice (RFC 6749, 3.2), empty ones count as absent. */
record TokenForm(Map<String, String> parameters) {
  static TokenForm of(byte[] body) throws OAuthProblem {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
      String[] parts = pair.split("=", 2);
      String value = parts.length == 2 ? decoded(parts[1]) : "";
      if (!value.isEmpty() && parameters.put(decoded(parts[0]), value) != null) {
        throw OAuthProblem.invalidRequest("a parameter is there twice");
      }
    }
    return new TokenForm(parameters);
  }

  static String decoded(String encoded) throws OAuthProblem {
    try {
      return PathSegments.decode(encoded.replace('+', ' '));
    } catch (IllegalArgumentException e) {
      throw OAuthProblem.invalidRequest("the body is not form-encoded");
    }
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
