package io.twinberg.it.catalog;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.it.engine.ChildJvm;
import io.twinberg.it.engine.EngineProject;
import io.twinberg.it.engine.JavaHome;
import io.twinberg.it.engine.JvmCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Iceberg's REST test server in a JVM of its own, on a database and a warehouse that outlive it.
 */
public final class FixtureCatalog implements AutoCloseable {
  private static final EngineProject PROJECT = new EngineProject("fixture");
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final FixtureSettings settings;
  private ChildJvm jvm;

  private FixtureCatalog(FixtureSettings settings, ChildJvm jvm) {
    this.settings = settings;
    this.jvm = jvm;
  }

  /** Starts a catalog and waits until it answers. */
  public static FixtureCatalog start(FixtureSettings settings) {
    try {
      Files.createDirectories(settings.data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChildJvm jvm = launch();
    FixtureCatalog catalog = new FixtureCatalog(settings.withPort(listen(jvm, settings)), jvm);
    catalog.awaitReady();
    return catalog;
  }

  /** The base URI, before {@code /v1}; a restart does not change it. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + settings.port());
  }

  /** Ends it in order and returns its exit status. */
  public int stop() {
    return jvm.stop();
  }

  /** Kills it as {@code kill -9} does. */
  public void kill() {
    jvm.kill();
  }

  /** Starts it again on the same data and the same port; it must have been stopped or killed. */
  public void restart() {
    if (jvm.isAlive()) {
      throw new IllegalStateException("The catalog at " + uri() + " still runs");
    }
    jvm = launch();
    listen(jvm, settings);
    awaitReady();
  }

  /** Whether it runs. */
  public boolean isRunning() {
    return jvm.isAlive();
  }

  @Override
  public void close() {
    jvm.close();
  }

  private static ChildJvm launch() {
    return ChildJvm.start(
        new JvmCommand(
            JavaHome.current(),
            List.of(
                "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8"),
            PROJECT.classPath(),
            "org.apache.iceberg.rest.FixtureServer",
            List.of(),
            PROJECT.runDirectory()));
  }

  private static int listen(ChildJvm jvm, FixtureSettings settings) {
    try {
      String request =
          JSON.writeValueAsString(
              Map.of("port", settings.port(), "properties", settings.catalogProperties()));
      return JSON.readTree(jvm.ask(request, START_LIMIT)).get("port").intValue();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(jvm.failure("spoke something else than JSON"), e);
    }
  }

  private void awaitReady() {
    await("config endpoint of " + uri())
        .atMost(START_LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .failFast("it still runs", this::requireAlive)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(this::answersConfig);
  }

  private void requireAlive() {
    if (!jvm.isAlive()) {
      throw new IllegalStateException(jvm.failure("ended before it answered"));
    }
  }

  private boolean answersConfig() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri().resolve("/v1/config")).timeout(START_LIMIT).build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
  }
}
