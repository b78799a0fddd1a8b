package io.twinberg.proxy.embedded;

import io.twinberg.proxy.catalog.CatalogAnswer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.rest.Endpoint;

/** One operation of the REST specification and what answers it. */
record Route(Endpoint endpoint, Handler handler) {
  /** Answers a call of one route. */
  @FunctionalInterface
  interface Handler {
    CatalogAnswer answer(RestRequest request);
  }

  String method() {
    return endpoint.httpMethod();
  }

  /** The raw segments by their names in the template, when the path is of this route. */
  Optional<Map<String, String>> match(String[] path) {
    String[] template = endpoint.path().replace("/{prefix}", "").substring(1).split("/");
    if (template.length != path.length) {
      return Optional.empty();
    }
    Map<String, String> segments = new HashMap<>();
    for (int i = 0; i < path.length; i++) {
      if (template[i].startsWith("{")) {
        segments.put(template[i].substring(1, template[i].length() - 1), path[i]);
      } else if (!template[i].equals(path[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(segments);
  }
}
