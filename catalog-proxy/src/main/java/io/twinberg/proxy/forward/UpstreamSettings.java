package io.twinberg.proxy.forward;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a source's upstream catalog is and how long it may take.
 *
 * @param source the served name of the source
 * @param uri the upstream's base, the part before {@code /v1}
 * @param warehouse what is sent to the upstream's {@code /v1/config}
 * @param connectTimeout how long a connection may take to come about
 * @param callTimeout how long a call may take from its start to the last byte of its answer
 * @param rewriteLimitBytes up to this size, answers with table configs are searched for URIs that
 *     lead around the proxy; larger ones are streamed untouched
 */
public record UpstreamSettings(
    String source,
    URI uri,
    Optional<String> warehouse,
    Duration connectTimeout,
    Duration callTimeout,
    int rewriteLimitBytes) {
  private static final int DEFAULT_REWRITE_LIMIT = 16 * 1024 * 1024;

  /** Checks the base and takes its trailing slashes away. */
  public UpstreamSettings {
    if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "sources." + source + ".uri must be an absolute http(s) URI without query, not " + uri);
    }
    uri = URI.create(uri.toString().replaceAll("/+$", ""));
  }

  /** Default bounds: 10 s to connect, 5 min for a call. */
  public static UpstreamSettings of(String source, URI uri, Optional<String> warehouse) {
    return new UpstreamSettings(
        source,
        uri,
        warehouse,
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        DEFAULT_REWRITE_LIMIT);
  }
}
