package io.twinberg.source;

import java.net.URI;
import java.util.Map;

/** The identity of Twinberg's own reads: the headers it adds to a GET. */
@FunctionalInterface
public interface SourceAuth {
  /** The headers for a GET of this URI; called for each request, so that tokens may change. */
  Map<String, String> headers(URI uri);

  /** No identity. */
  static SourceAuth none() {
    return uri -> Map.of();
  }

  /** A fixed bearer token. */
  static SourceAuth bearer(String token) {
    Map<String, String> headers = Map.of("Authorization", "Bearer " + token);
    return uri -> headers;
  }
}
