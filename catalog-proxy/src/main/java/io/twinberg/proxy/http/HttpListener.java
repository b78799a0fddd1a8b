package io.twinberg.proxy.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinException;
import io.twinberg.proxy.tls.ReloadingTls;
import io.twinberg.proxy.tls.TlsException;
import io.twinberg.proxy.tls.TlsFiles;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP listener of this process: bounded, with paths as the client wrote them, and errors in
 * Iceberg's JSON whatever finds them.
 */
public final class HttpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
  private static final int HEADER_BYTES = 64 * 1024;

  /** Each connection has at most one request waiting, so this bounds the queue of the pool too. */
  private static final int MAX_CONNECTIONS = 4096;

  /** How long a stop waits for kept-alive connections, on which nothing is under way. */
  private static final long SHUTDOWN_IDLE_MILLIS = 200;

  private static final int MIN_THREADS = 8;
  private static final int THREAD_IDLE_MILLIS = 60_000;

  /** What is under way ends within this, or is cut off. */
  private static final Duration STOP = Duration.ofSeconds(7);

  /** And how long a thread that ends not even then is waited for. */
  private static final Duration THREADS_STOP = Duration.ofSeconds(1);

  private final ListenerSettings settings;
  private final String section;
  private final Javalin javalin;

  /**
   * A listener that is not started yet.
   *
   * @param section the configuration's section that it belongs to, for threads and messages
   * @param requests says how requests are answered
   */
  public HttpListener(ListenerSettings settings, String section, Consumer<JavalinConfig> requests) {
    this.settings = settings;
    this.section = section;
    this.javalin =
        Javalin.create(
            config -> {
              configure(config);
              requests.accept(config);
            });
  }

  /**
   * Starts to answer.
   *
   * @throws ListenerException when the address cannot be had
   */
  public void start() {
    try {
      javalin.start();
    } catch (JavalinException | TlsException e) {
      throw explained(e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return javalin.port();
  }

  /** Stops; calls in flight have seven seconds to end, and are cut off then. */
  @Override
  public void close() {
    try {
      javalin.stop();
    } catch (JavalinException e) {
      // It has stopped all the same, and whoever closes us has more to close.
      LOG.warn(
          "listener={} stopped with calls still in flight: {}",
          section,
          String.valueOf(e.getCause()));
    }
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.jetty.threadPool = threadPool();
    config.jetty.modifyHttpConfiguration(HttpListener::configure);
    config.jetty.modifyServer(HttpListener::configure);
    config.jetty.modifyServletContextHandler(
        context -> {
          context.getServletHandler().setDecodeAmbiguousURIs(true);
          context.setErrorHandler(new JettyErrors());
        });
    config.jetty.addConnector(this::connector);
  }

  private QueuedThreadPool threadPool() {
    QueuedThreadPool pool =
        new QueuedThreadPool(settings.maxThreads(), MIN_THREADS, THREAD_IDLE_MILLIS);
    pool.setName(section);
    pool.setStopTimeout(THREADS_STOP.toMillis());
    return pool;
  }

  private static void configure(HttpConfiguration http) {
    http.setUriCompliance(UriCompliance.UNSAFE);
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setSendDateHeader(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setResponseHeaderSize(HEADER_BYTES);
  }

  private static void configure(Server server) {
    server.setErrorHandler(new JettyErrors());
    server.setStopTimeout(STOP.toMillis());
    server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, server));
  }

  private Connector connector(Server server, HttpConfiguration http) {
    ServerConnector connector =
        settings
            .tls()
            .map(files -> encrypted(server, http, files))
            .orElseGet(() -> new ServerConnector(server, new HttpConnectionFactory(http)));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(settings.idle().toMillis());
    connector.setShutdownIdleTimeout(SHUTDOWN_IDLE_MILLIS);
    connector.addBean(new SlowHeads(connector, settings.pace().patience()));
    return connector;
  }

  /** Any host name is answered: which one a client asks for is a matter of its own trust. */
  private ServerConnector encrypted(Server server, HttpConfiguration http, TlsFiles files) {
    http.addCustomizer(new SecureRequestCustomizer(false));
    Scheduler scheduler = new ScheduledExecutorScheduler(section + "-tls", true);
    ReloadingTls tls = new ReloadingTls(section, files, scheduler);
    ServerConnector connector =
        new ServerConnector(server, tls.factory(), new HttpConnectionFactory(http));
    connector.addBean(scheduler);
    connector.addBean(tls);
    return connector;
  }

  private ListenerException explained(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")) {
        return new ListenerException(
            address() + " is in use by another process; stop it or choose another port", failure);
      }
      if (cause instanceof TlsException) {
        return new ListenerException(section + ".tls: " + cause.getMessage(), failure);
      }
      if (cause instanceof UnresolvedAddressException) {
        return new ListenerException(
            section + ".host " + settings.host() + " is no known host name or address", failure);
      }
    }
    return new ListenerException(address() + " cannot be opened: " + failure.getMessage(), failure);
  }

  private String address() {
    return section + ".port " + settings.port() + " on " + settings.host();
  }
}
