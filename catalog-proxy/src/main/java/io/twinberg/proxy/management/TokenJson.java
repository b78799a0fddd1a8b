package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.config.Grant;
import io.twinberg.token.ApiToken;
import java.util.List;
import java.util.Optional;

/** How tokens are written: never with what proves them. */
final class TokenJson {
  private TokenJson() {}

  static ObjectNode of(ApiToken token) {
    return named(token.name(), token.grants(), "api")
        .put("createdBy", token.createdBy())
        .put("createdAt", token.createdAt().toString())
        .put("expiresAt", StatusJson.instant(token.expiresAt()))
        .put("lastUsedAt", StatusJson.instant(token.lastUsedAt()))
        .putNull("shadowed");
  }

  /**
   * Of a token in the file nobody notes when it was made or used.
   *
   * @param shadowed a token of the API that has the name as well, and lets nobody in therefore
   */
  static ObjectNode of(FileAccess.FileToken token, Optional<ObjectNode> shadowed) {
    return named(token.name(), token.grants(), "file")
        .putNull("createdBy")
        .putNull("createdAt")
        .putNull("expiresAt")
        .putNull("lastUsedAt")
        .set("shadowed", shadowed.orElse(null));
  }

  private static ObjectNode named(String name, List<Grant> grants, String origin) {
    ObjectNode body = StatusJson.object().put("name", name);
    ArrayNode array = body.putArray("grants");
    grants.forEach(grant -> array.add(grant.text()));
    return body.put("origin", origin);
  }
}
