package io.twinberg.proxy.http;

import io.twinberg.proxy.tls.TlsFiles;
import java.time.Duration;
import java.util.Optional;

/**
 * The bounds of a listener.
 *
 * @param port 0 takes a free one
 * @param maxThreads calls that are answered at one time; must exceed the sum of the sources'
 *     forward limits, so that health checks and replicas keep capacity when a source hangs
 * @param maxBodyBytes the largest request body that is accepted at all
 * @param idle how long a connection may be silent between requests
 * @param pace what is expected of clients
 * @param tls the certificate; without one the listener speaks plain HTTP
 */
public record ListenerSettings(
    String host,
    int port,
    int maxThreads,
    long maxBodyBytes,
    Duration idle,
    ClientPace pace,
    Optional<TlsFiles> tls) {
  private static final int DEFAULT_THREADS = 256;
  private static final long DEFAULT_BODY_BYTES = 1L << 30;
  private static final int MIN_THREADS = 8;

  /** Checks the bounds. */
  public ListenerSettings {
    if (maxThreads < MIN_THREADS) {
      throw new IllegalArgumentException("a listener needs at least 8 threads, not " + maxThreads);
    }
    if (maxBodyBytes < 1) {
      throw new IllegalArgumentException("max-body-bytes must be positive, not " + maxBodyBytes);
    }
  }

  /** The default bounds at an address. */
  public static ListenerSettings at(String host, int port) {
    return new ListenerSettings(
        host,
        port,
        DEFAULT_THREADS,
        DEFAULT_BODY_BYTES,
        Duration.ofMinutes(5),
        ClientPace.DEFAULT,
        Optional.empty());
  }

  /** The same with at least so many threads. */
  public ListenerSettings withThreads(int atLeast) {
    return new ListenerSettings(
        host, port, Math.max(maxThreads, atLeast), maxBodyBytes, idle, pace, tls);
  }

  /** The same for clients of another pace. */
  public ListenerSettings withPace(ClientPace other) {
    return new ListenerSettings(host, port, maxThreads, maxBodyBytes, idle, other, tls);
  }

  /** The same, encrypted where files are given. */
  public ListenerSettings withTls(Optional<TlsFiles> files) {
    return new ListenerSettings(host, port, maxThreads, maxBodyBytes, idle, pace, files);
  }
}
