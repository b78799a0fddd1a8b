package io.twinberg.proxy.oauth;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.proxy.access.AccessToken;
import io.twinberg.proxy.access.TooManyFailures;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Answers of the token endpoint, in the form of RFC 6749 sections 5.1 and 5.2. */
final class OAuthAnswers {
  private OAuthAnswers() {}

  static CatalogAnswer issued(AccessToken token) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("access_token", token.value());
    body.put("token_type", "bearer");
    body.put("expires_in", token.lifetime().toSeconds());
    body.put("issued_token_type", TokenRequest.ACCESS_TOKEN);
    return json(200, body);
  }

  static CatalogAnswer refused(OAuthProblem problem) {
    CatalogAnswer answer = error(problem.status(), problem.error(), message(problem));
    return problem.status() == 401
        ? with(answer, new Header("WWW-Authenticate", "Basic realm=\"twinberg\""))
        : answer;
  }

  static CatalogAnswer tooMany() {
    return error(429, "slow_down", TooManyFailures.MESSAGE);
  }

  private static String message(OAuthProblem problem) {
    return String.valueOf(problem.getMessage());
  }

  private static CatalogAnswer error(int status, String error, String description) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    return json(status, body.put("error", error).put("error_description", description));
  }

  private static CatalogAnswer json(int status, ObjectNode body) {
    CatalogAnswer answer =
        CatalogAnswer.json(status, body.toString().getBytes(StandardCharsets.UTF_8));
    return with(answer, new Header("Cache-Control", "no-store"));
  }

  private static CatalogAnswer with(CatalogAnswer answer, Header header) {
    List<Header> headers = new ArrayList<>(answer.headers());
    headers.add(header);
    return new CatalogAnswer(answer.status(), headers, answer.body());
  }
}
