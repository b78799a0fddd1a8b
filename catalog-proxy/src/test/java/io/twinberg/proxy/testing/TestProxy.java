package io.twinberg.proxy.testing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.twinberg.database.Database;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.Intent;
import io.twinberg.log.IntentLog;
import io.twinberg.log.IntentState;
import io.twinberg.log.NewIntent;
import io.twinberg.log.Sources;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.capture.CaptureListener;
import io.twinberg.proxy.capture.CaptureSettings;
import io.twinberg.proxy.capture.CapturingCatalog;
import io.twinberg.proxy.capture.CommitCheck;
import io.twinberg.proxy.capture.CountingCatalog;
import io.twinberg.proxy.capture.LogFailurePolicy;
import io.twinberg.proxy.capture.OnLogFailure;
import io.twinberg.proxy.capture.TimedCatalog;
import io.twinberg.proxy.forward.ForwardLimit;
import io.twinberg.proxy.forward.UpstreamCatalog;
import io.twinberg.proxy.forward.UpstreamIdentity;
import io.twinberg.proxy.forward.UpstreamSettings;
import io.twinberg.proxy.http.CatalogListener;
import io.twinberg.proxy.http.ClientPace;
import io.twinberg.proxy.http.FixedDirectory;
import io.twinberg.proxy.http.FixedDirectory.Entry;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.testing.Databases;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.ConnectionException;

/** A whole proxy in front of one upstream, served as the default source {@code prod}. */
public final class TestProxy implements AutoCloseable {
  /** What a test may want otherwise. */
  public record Options(
      OnLogFailure onLogFailure, int forwardLimit, int answerLimit, Duration callTimeout) {
    /** What most tests want. */
    public static final Options DEFAULT =
        new Options(OnLogFailure.FORWARD, 64, 1 << 20, Duration.ofSeconds(20));
  }

  private static final int BODY_LIMIT = 1 << 20;

  private final Database database;
  private final IntentLog log;
  private final UpstreamCatalog upstream;
  private final CapturingCatalog capture;
  private final CatalogListener listener;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private volatile boolean deaf;

  /** Starts with the default options. */
  public TestProxy(Path folder, URI upstreamUri) {
    this(folder, upstreamUri, Options.DEFAULT);
  }

  /** Starts on a free port with a database of its own. */
  public TestProxy(Path folder, URI upstreamUri, Options options) {
    this(folder, upstreamUri, options, ClientPace.DEFAULT);
  }

  /** Starts for clients of another pace. */
  public TestProxy(Path folder, URI upstreamUri, Options options, ClientPace pace) {
    this(
        Databases.h2(folder),
        upstreamUri,
        options,
        pace,
        (settings, database, registry) -> CommitCheck.NONE);
  }

  /** Starts on a database, which it closes. */
  public TestProxy(Database database, URI upstreamUri, Options options) {
    this(
        database,
        upstreamUri,
        options,
        ClientPace.DEFAULT,
        (settings, own, registry) -> CommitCheck.NONE);
  }

  /** What commits have to pass, made once the proxy has its database. */
  public interface Check {
    /** Makes it. */
    CommitCheck of(CaptureSettings settings, Database database, MeterRegistry registry);
  }

  /** Starts with a check of commits. */
  public TestProxy(Path folder, URI upstreamUri, OnLogFailure onLogFailure, Check check) {
    this(
        Databases.h2(folder),
        upstreamUri,
        new Options(onLogFailure, 64, 1 << 20, Duration.ofSeconds(20)),
        ClientPace.DEFAULT,
        check);
  }

  private TestProxy(
      Database database, URI upstreamUri, Options options, ClientPace pace, Check check) {
    this.database = database;
    new Sources(database).register("prod");
    log = new IntentLog(database, Clock.systemUTC(), "test");
    upstream =
        new UpstreamCatalog(
            new UpstreamSettings(
                "prod",
                upstreamUri,
                Optional.of("lake house"),
                Duration.ofSeconds(5),
                options.callTimeout(),
                1 << 20),
            UpstreamIdentity.CALLER);
    CaptureSettings settings =
        new CaptureSettings(
            "prod",
            LogFailurePolicy.always(options.onLogFailure()),
            BODY_LIMIT,
            options.answerLimit());
    capture =
        new CapturingCatalog(
            settings,
            upstream,
            upstream::reference,
            check.of(settings, database, registry),
            log,
            recording(),
            registry,
            CrashPoints.NONE);
    ForwardLimit bounded = new ForwardLimit("prod", options.forwardLimit(), capture);
    CountingCatalog served =
        new CountingCatalog("prod", new TimedCatalog("prod", bounded, registry), registry);
    listener =
        new CatalogListener(
            ListenerSettings.at("127.0.0.1", 0).withPace(pace),
            new FixedDirectory(
                Map.of("prod", new Entry(() -> served, Optional.of("lake house"))),
                Optional.of("prod")),
            AccessPolicy.open(),
            List.of());
    listener.start();
  }

  /** What tells this proxy's events to whoever listens. */
  public CaptureListener recording() {
    return new CaptureListener() {
      @Override
      public void opened(NewIntent intent) {
        events.add("opened " + intent.source());
        if (deaf) {
          throw new IllegalStateException("The test's listener does not listen");
        }
      }

      @Override
      public void settled(String source) {
        events.add("settled " + source);
      }

      @Override
      public void missed(String source) {
        events.add("missed " + source);
        if (deaf) {
          throw new ConnectionException(new SQLException("The test's log is away"));
        }
      }
    };
  }

  /** Lets whoever listens for intents fail. */
  public void failListener() {
    deaf = true;
  }

  /** Lets it hear again. */
  public void mendListener() {
    deaf = false;
  }

  /** The port of the listener. */
  public int port() {
    return listener.port();
  }

  /** The base of the source for engines. */
  public String base() {
    return "http://127.0.0.1:" + port() + "/catalogs/prod";
  }

  /** Sends a request with a JSON body where the text is not empty. */
  public HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base() + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** The intents that wait to be explained. */
  public List<Intent> intents() {
    return log.due("prod", 100);
  }

  /** How many intents stand in a state. */
  public long count(IntentState state) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("select count(*) from intent where state = ?")
                    .bind(0, state)
                    .mapTo(Long.class)
                    .one());
  }

  /** Takes the database away. */
  public void closeDatabase() {
    database.close();
  }

  /** The database, to disturb it. */
  public Database database() {
    return database;
  }

  /** The capture step. */
  public CapturingCatalog capture() {
    return capture;
  }

  /** The log. */
  public IntentLog log() {
    return log;
  }

  /** What capture has told its listener. */
  public List<String> events() {
    return events;
  }

  /** The sum of a counter over all tags but the given ones. */
  public double counted(String name, String... tags) {
    return registry.find(name).tags(tags).counters().stream().mapToDouble(c -> c.count()).sum();
  }

  /** What the proxy has added to calls of a kind. */
  public Timer added(String kind) {
    return registry.get("proxy.added").tag("kind", kind).timer();
  }

  @Override
  public void close() {
    listener.close();
    upstream.close();
    database.close();
  }
}
