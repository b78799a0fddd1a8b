package io.twinberg.proxy.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.servlet.SubmitOrder;
import io.javalin.http.servlet.Task;
import java.util.List;
import kotlin.Unit;

/** The HTTP listener that engines use: Iceberg REST for every served catalog. */
public final class CatalogListener implements AutoCloseable {
  private final CallHandler handler;
  private final HttpListener listener;

  /** A listener that is not started yet. */
  public CatalogListener(
      ListenerSettings settings,
      CatalogDirectory directory,
      CallerLookup callers,
      List<ReadinessCheck> checks) {
    this.handler =
        new CallHandler(
            new CallReader(settings.maxBodyBytes(), settings.pace()),
            new CallRouter(directory),
            callers,
            new Health(checks),
            settings.pace());
    this.listener = new HttpListener(settings, "server", this::handleEverything);
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

  /** Stops; calls in flight have seven seconds to end. */
  @Override
  public void close() {
    listener.close();
  }

  /** Javalin's own routing would decode paths; one task answers every request instead. */
  @SuppressWarnings("unchecked") // the parameter is an array of a generic type
  private void handleEverything(JavalinConfig config) {
    config.requestLifeCycle(
        (submit, servlet, context, path) ->
            submit.invoke(
                SubmitOrder.LAST,
                new Task(
                    false,
                    () -> {
                      handler.handle(context.req(), context.res());
                      return Unit.INSTANCE;
                    })));
  }
}
