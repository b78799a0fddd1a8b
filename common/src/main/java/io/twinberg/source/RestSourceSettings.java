package io.twinberg.source;

import io.twinberg.identity.Identity;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How to read a source over Iceberg REST.
 *
 * @param uri the catalog's base URI, to which {@code /v1/...} is appended
 * @param warehouse what {@code /v1/config} is asked for
 * @param identity who Twinberg is there
 * @param requestTimeout from sending a request to the last byte of its answer
 * @param maxBodyBytes the largest answer that is read
 */
public record RestSourceSettings(
    URI uri,
    Optional<String> warehouse,
    Identity identity,
    Duration requestTimeout,
    int maxBodyBytes) {
  public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(60);
  public static final int DEFAULT_MAX_BODY_BYTES = 512 << 20;

  public RestSourceSettings {
    if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getHost() == null) {
      throw new IllegalArgumentException("source uri '" + uri + "' must be http(s)://host/path");
    }
    if (requestTimeout.isNegative() || requestTimeout.isZero() || maxBodyBytes <= 0) {
      throw new IllegalArgumentException("request timeout and body limit must be positive");
    }
  }

  public RestSourceSettings(URI uri, Optional<String> warehouse, Identity identity) {
    this(uri, warehouse, identity, DEFAULT_REQUEST_TIMEOUT, DEFAULT_MAX_BODY_BYTES);
  }
}
