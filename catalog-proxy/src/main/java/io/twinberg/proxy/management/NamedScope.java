package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.audit.AuditScope;
import io.twinberg.token.TokenSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;

/**
 * What the body of a request for an operation names, whether there is such a thing or not. What is
 * no name is left out, as it is refused for that.
 */
final class NamedScope {
  /** Beyond it there is nothing to be found by it. */
  private static final int LONGEST = 2000;

  private NamedScope() {}

  static AuditScope of(JsonNode body) {
    Optional<Namespace> namespace = namespace(body.path("namespace"));
    return new AuditScope(
        name(body.path("source")),
        namespace,
        namespace.flatMap(levels -> name(body.path("table"))),
        name(body.path("destination")));
  }

  private static Optional<Namespace> namespace(JsonNode array) {
    List<String> levels = new ArrayList<>();
    array.forEach(level -> name(level).ifPresent(levels::add));
    boolean isName = array.isArray() && !array.isEmpty() && levels.size() == array.size();
    return isName && String.join("", levels).length() <= LONGEST
        ? Optional.of(Namespace.of(levels.toArray(String[]::new)))
        : Optional.empty();
  }

  /** Somebody may have typed a secret in the place of a name. */
  private static Optional<String> name(JsonNode text) {
    return Optional.of(text)
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .filter(name -> !name.isEmpty() && name.length() <= LONGEST)
        .map(TokenSecret::masked);
  }
}
