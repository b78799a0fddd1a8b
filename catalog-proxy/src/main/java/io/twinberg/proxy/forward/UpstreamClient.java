package io.twinberg.proxy.forward;

import java.time.Duration;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes the HTTP client of one upstream: calls go out and answers come back as they are, on the
 * thread of the call, which saves the changes of threads that cost a proxy most of its time.
 */
final class UpstreamClient {
  /** The bound is the source's forward-limit; a second one here could only make calls wait. */
  private static final int CONNECTIONS = Integer.MAX_VALUE;

  /**
   * A connection that has rested for so long may have been closed by the upstream, and is looked at
   * before it is used again, which takes a millisecond. Catalogs and load balancers close what has
   * rested for seconds.
   */
  static final TimeValue TRUSTED = TimeValue.ofMilliseconds(100);

  private static final TimeValue LONGEST_REST = TimeValue.ofSeconds(30);

  private static final int LINE_BYTES = 64 * 1024;
  private static final int HEADERS = 1000;

  /** Whether a refusal has come already is asked, for a millisecond, once in so many bytes. */
  private static final int BYTES_BETWEEN_LOOKS = 256 * 1024;

  private UpstreamClient() {}

  static CloseableHttpClient create(Duration connectTimeout, Duration callTimeout) {
    return HttpClients.custom()
        .setConnectionManager(connections(connectTimeout, callTimeout))
        .setDefaultRequestConfig(request(callTimeout))
        .setRoutePlanner(new SystemDefaultRoutePlanner(null))
        .setRetryStrategy(new ReadsOnceMore())
        .disableRedirectHandling()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableConnectionState()
        .evictIdleConnections(LONGEST_REST)
        .build();
  }

  private static PoolingHttpClientConnectionManager connections(
      Duration connectTimeout, Duration callTimeout) {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setMaxConnTotal(CONNECTIONS)
        .setMaxConnPerRoute(CONNECTIONS)
        .setTlsSocketStrategy(DefaultClientTlsStrategy.createSystemDefault())
        .setDefaultTlsConfig(
            TlsConfig.custom().setHandshakeTimeout(timeout(connectTimeout)).build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(timeout(connectTimeout))
                .setSocketTimeout(timeout(callTimeout))
                .setValidateAfterInactivity(TRUSTED)
                .build())
        .setConnectionFactory(wire())
        .build();
  }

  private static ManagedHttpClientConnectionFactory wire() {
    Http1Config http1 =
        Http1Config.custom().setMaxLineLength(LINE_BYTES).setMaxHeaderCount(HEADERS).build();
    return ManagedHttpClientConnectionFactory.builder()
        .http1Config(http1)
        .responseParserFactory(unused -> new WholeHeadParser(http1))
        .responseOutOfOrderStrategy(new MonitoringResponseOutOfOrderStrategy(BYTES_BETWEEN_LOOKS))
        .build();
  }

  private static RequestConfig request(Duration callTimeout) {
    return RequestConfig.custom()
        .setResponseTimeout(timeout(callTimeout))
        .setProtocolUpgradeEnabled(false)
        .setAuthenticationEnabled(false)
        .build();
  }

  private static Timeout timeout(Duration duration) {
    return Timeout.of(duration);
  }
}
