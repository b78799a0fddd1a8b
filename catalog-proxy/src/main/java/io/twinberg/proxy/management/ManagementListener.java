package io.twinberg.proxy.management;

import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.twinberg.proxy.http.CallerLookup;
import io.twinberg.proxy.http.ClientPace;
import io.twinberg.proxy.http.Health;
import io.twinberg.proxy.http.HttpListener;
import io.twinberg.proxy.http.IcebergErrors;
import io.twinberg.proxy.http.ListenerException;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.proxy.http.ReadinessCheck;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP listener for people and their tools: status, operations, health and metrics. */
public final class ManagementListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementListener.class);
  private static final int THREADS = 32;
  private static final int TOO_LARGE = 413;
  private static final long BODY_BYTES = 1 << 20;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final Health health;
  private final ClientPace pace;
  private final RoleCheck roles;
  private final List<ManagedRoutes> parts;
  private final ActionAudit audit;
  private final PrometheusMeterRegistry registry;
  private final HttpListener listener;

  /**
   * A listener that is not started yet.
   *
   * @param at where, for whom and how; how much is its own matter
   * @param parts what it serves beside health and metrics
   * @param audit what records the changes that they make
   */
  public ManagementListener(
      ListenerSettings at,
      List<ReadinessCheck> checks,
      CallerLookup callers,
      PrometheusMeterRegistry registry,
      List<ManagedRoutes> parts,
      ActionAudit audit) {
    this.health = new Health(checks);
    this.pace = at.pace();
    this.roles = new RoleCheck(callers);
    this.registry = registry;
    this.parts = List.copyOf(parts);
    this.audit = audit;
    this.listener =
        new HttpListener(
            new ListenerSettings(
                at.host(), at.port(), THREADS, BODY_BYTES, IDLE, at.pace(), at.tls()),
            "management",
            this::configure);
  }

  /**
   * Starts to answer.
   *
   * @throws ListenerException when the address cannot be had
   */
  public void start() {
    listener.start();
  }

  /** The port that it listens on. */
  public int port() {
    return listener.port();
  }

  @Override
  public void close() {
    listener.close();
  }

  private void configure(JavalinConfig config) {
    config.http.prefer405over404 = true;
    RoutesConfig routes = config.routes;
    routes.before(CallId::give);
    routes().forEach(route -> routes.addHttpHandler(route.method(), route.path(), handler(route)));
    routes.exception(HttpResponseException.class, ManagementListener::refuse);
    routes.exception(Exception.class, this::fail);
  }

  /** Every route of the listener with the role that it needs; there are no others. */
  public List<ManagedRoute> routes() {
    Stream<ManagedRoute> own =
        Stream.of(
            ManagedRoute.open("/health/live", this::probe),
            ManagedRoute.open("/health/ready", this::probe),
            ManagedRoute.get("/metrics", this::metrics));
    return Stream.concat(own, parts.stream().flatMap(part -> part.routes().stream())).toList();
  }

  private Handler handler(ManagedRoute route) {
    if (route.role().isEmpty()) {
      return route.handler();
    }
    return roles.before(
        route.role().get(), audit.around(WithoutDatabase.explained(Nul.refusedBy(route, pace))));
  }

  private void probe(Context context) {
    Answers.write(context, health.answer(context.req().getRequestURI()).orElseThrow());
  }

  private void metrics(Context context) {
    context.contentType("text/plain; version=0.0.4; charset=utf-8").result(registry.scrape());
  }

  /** What Javalin itself finds wrong: a path that is none of ours, or a body that is too large. */
  private static void refuse(HttpResponseException problem, Context context) {
    String call = context.method() + " " + context.req().getRequestURI();
    String message =
        problem.getStatus() == TOO_LARGE
            ? "The body of " + call + " is too large; no call of the management API needs as much."
            : call + " is not served; the management API is under /management/v1/.";
    Answers.write(context, IcebergErrors.answer(problem.getStatus(), message));
  }

  private void fail(Exception problem, Context context) {
    audit.refused(problem, context);
    if (IcebergErrors.expected(problem).isEmpty()) {
      LOG.error(
          "request={} path={} failed", CallId.of(context), context.req().getRequestURI(), problem);
    }
    Answers.write(context, IcebergErrors.of(problem));
  }
}
