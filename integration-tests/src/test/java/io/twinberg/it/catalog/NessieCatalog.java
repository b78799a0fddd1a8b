package io.twinberg.it.catalog;

import static org.awaitility.Awaitility.await;

import io.twinberg.it.engine.ChildJvm;
import io.twinberg.it.engine.EngineProject;
import io.twinberg.it.engine.FreePort;
import io.twinberg.it.engine.JavaHome;
import io.twinberg.it.engine.JvmCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Nessie's server in a JVM of its own, with its tables in memory and its files on S3. */
public final class NessieCatalog implements AutoCloseable {
  /** The oldest Java that its classes are for. */
  public static final int JAVA = 21;

  private static final EngineProject PROJECT = new EngineProject("nessie");
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final ChildJvm jvm;

  private NessieCatalog(int port, ChildJvm jvm) {
    this.port = port;
    this.jvm = jvm;
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param warehouses their locations by name; the one named {@code warehouse} is the default
   * @param storage how the server reaches the files, in Iceberg's names
   */
  public static NessieCatalog start(
      JavaHome java, Map<String, String> warehouses, Map<String, String> storage) {
    int port = FreePort.find();
    Path directory = PROJECT.runDirectory();
    write(directory.resolve("config/application.properties"), settings(port, warehouses, storage));
    ChildJvm jvm =
        ChildJvm.start(
            new JvmCommand(
                java,
                List.of(
                    "-Xmx512m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dfile.encoding=UTF-8",
                    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"),
                PROJECT.classPath(),
                "io.twinberg.it.engine.launcher.Launcher",
                List.of("io.quarkus.runner.GeneratedMain"),
                directory));
    NessieCatalog catalog = new NessieCatalog(port, jvm);
    catalog.awaitReady();
    return catalog;
  }

  /** The base URI of its Iceberg REST endpoint, before {@code /v1}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port + "/iceberg");
  }

  /** Whether it runs. */
  public boolean isRunning() {
    return jvm.isAlive();
  }

  @Override
  public void close() {
    jvm.close();
  }

  private static Properties settings(
      int port, Map<String, String> warehouses, Map<String, String> storage) {
    String s3 = "nessie.catalog.service.s3.default-options.";
    Properties settings = new Properties();
    settings.setProperty("quarkus.http.host", "127.0.0.1");
    settings.setProperty("quarkus.http.port", Integer.toString(port));
    settings.setProperty("quarkus.management.host", "127.0.0.1");
    settings.setProperty("quarkus.management.port", Integer.toString(FreePort.find()));
    settings.setProperty("nessie.version.store.type", "IN_MEMORY");
    settings.setProperty("nessie.catalog.default-warehouse", "warehouse");
    warehouses.forEach(
        (name, location) ->
            settings.setProperty("nessie.catalog.warehouses." + name + ".location", location));
    settings.setProperty(s3 + "region", storage.get("s3.region"));
    settings.setProperty(s3 + "endpoint", storage.get("s3.endpoint") + "/");
    settings.setProperty(s3 + "path-style-access", "true");
    settings.setProperty(s3 + "access-key", "urn:nessie-secret:quarkus:test-secrets.s3");
    // Clients since 1.12 post what is to be signed elsewhere than this server answers.
    settings.setProperty(s3 + "request-signing-enabled", "false");
    settings.setProperty("test-secrets.s3.name", storage.get("s3.access-key-id"));
    settings.setProperty("test-secrets.s3.secret", storage.get("s3.secret-access-key"));
    return settings;
  }

  private static void write(Path file, Properties settings) {
    try {
      Files.createDirectories(file.getParent());
      try (var writer = Files.newBufferedWriter(file)) {
        settings.store(writer, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    await("config endpoint of " + uri())
        .atMost(START_LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
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
        HttpRequest.newBuilder(URI.create(uri() + "/v1/config")).timeout(START_LIMIT).build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
  }
}
