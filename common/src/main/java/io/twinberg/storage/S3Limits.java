package io.twinberg.storage;

import java.time.Duration;
import java.util.Map;

/**
 * The bounds of everything that an S3 store does.
 *
 * @param partSize bytes buffered per output, and sent as one part of a multipart upload
 * @param copyLimit the largest object that one copy request may copy
 * @param copyPartSize bytes per request when a larger object is copied in parts
 * @param pageSize keys per page of a listing
 * @param connections size of the connection pool; an open input occupies one
 * @param connectTimeout for a connection
 * @param socketTimeout for the next byte
 * @param attemptTimeout for one request, its answer's body excluded
 * @param callTimeout for a call with all its retries, its answer's body excluded
 */
public record S3Limits(
    int partSize,
    long copyLimit,
    long copyPartSize,
    int pageSize,
    int connections,
    Duration connectTimeout,
    Duration socketTimeout,
    Duration attemptTimeout,
    Duration callTimeout) {

  private static final long MIB = 1024L * 1024;
  private static final S3Limits DEFAULTS =
      new S3Limits(
          (int) (8 * MIB),
          5 * 1024 * MIB,
          512 * MIB,
          1000,
          64,
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofMinutes(2),
          Duration.ofMinutes(5));

  /** Checks that every bound is positive. */
  public S3Limits {
    requirePositive(partSize, "partSize");
    requirePositive(copyLimit, "copyLimit");
    requirePositive(copyPartSize, "copyPartSize");
    requirePositive(pageSize, "pageSize");
    requirePositive(connections, "connections");
    requirePositive(connectTimeout.toMillis(), "connectTimeout");
    requirePositive(socketTimeout.toMillis(), "socketTimeout");
    requirePositive(attemptTimeout.toMillis(), "attemptTimeout");
    requirePositive(callTimeout.toMillis(), "callTimeout");
  }

  /** The usual bounds. */
  public static S3Limits defaults() {
    return DEFAULTS;
  }

  /** The usual bounds, changed by those of Iceberg's properties that name one. */
  public static S3Limits from(Map<String, String> properties) {
    return new S3Limits(
        Math.toIntExact(number(properties, "s3.multipart.part-size-bytes", DEFAULTS.partSize)),
        DEFAULTS.copyLimit,
        DEFAULTS.copyPartSize,
        DEFAULTS.pageSize,
        Math.toIntExact(
            number(properties, "http-client.apache.max-connections", DEFAULTS.connections)),
        millis(properties, "http-client.apache.connection-timeout-ms", DEFAULTS.connectTimeout),
        millis(properties, "http-client.apache.socket-timeout-ms", DEFAULTS.socketTimeout),
        DEFAULTS.attemptTimeout,
        DEFAULTS.callTimeout);
  }

  /** The same with another part size. */
  public S3Limits withPartSize(int bytes) {
    return new S3Limits(
        bytes,
        copyLimit,
        copyPartSize,
        pageSize,
        connections,
        connectTimeout,
        socketTimeout,
        attemptTimeout,
        callTimeout);
  }

  /** The same with copies in parts above another size. */
  public S3Limits withCopyLimit(long bytes, long partBytes) {
    return new S3Limits(
        partSize,
        bytes,
        partBytes,
        pageSize,
        connections,
        connectTimeout,
        socketTimeout,
        attemptTimeout,
        callTimeout);
  }

  /** The same with other pages. */
  public S3Limits withPageSize(int keys) {
    return new S3Limits(
        partSize,
        copyLimit,
        copyPartSize,
        keys,
        connections,
        connectTimeout,
        socketTimeout,
        attemptTimeout,
        callTimeout);
  }

  /** The same with other time-outs. */
  public S3Limits withTimeouts(Duration connect, Duration socket, Duration attempt, Duration call) {
    return new S3Limits(
        partSize, copyLimit, copyPartSize, pageSize, connections, connect, socket, attempt, call);
  }

  private static Duration millis(Map<String, String> properties, String key, Duration otherwise) {
    return Duration.ofMillis(number(properties, key, otherwise.toMillis()));
  }

  private static long number(Map<String, String> properties, String key, long otherwise) {
    String value = properties.get(key);
    if (value == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(value.trim());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " must be a number, not '" + value + "'", e);
    }
  }

  private static void requirePositive(long value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
