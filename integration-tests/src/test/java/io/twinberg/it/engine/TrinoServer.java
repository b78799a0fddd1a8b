package io.twinberg.it.engine;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Trino with its Iceberg connector in a JVM of its own; catalogs are made while it runs. */
public final class TrinoServer implements AutoCloseable {
  /** The oldest Java that its classes are for. */
  public static final int JAVA = 24;

  private static final EngineProject PROJECT = new EngineProject("trino");
  private static final Duration START_LIMIT = Duration.ofMinutes(4);

  private final ChildJvm jvm;
  private final TrinoClient client;

  private TrinoServer(ChildJvm jvm, TrinoClient client) {
    this.jvm = jvm;
    this.client = client;
  }

  /** Starts a server and waits until it answers queries. */
  public static TrinoServer start(JavaHome java) {
    int port = FreePort.find();
    Path directory = PROJECT.runDirectory();
    settings(directory, port);
    ChildJvm jvm = ChildJvm.start(command(java, directory));
    TrinoServer server =
        new TrinoServer(jvm, new TrinoClient(URI.create("http://127.0.0.1:" + port)));
    server.awaitReady();
    return server;
  }

  /** Makes a REST catalog known under a name, with these properties over the usual ones. */
  public void catalog(String name, URI uri, Map<String, String> storage, Map<String, String> more) {
    Map<String, String> properties = new TreeMap<>();
    properties.put("iceberg.catalog.type", "rest");
    properties.put("iceberg.rest-catalog.uri", uri.toString());
    properties.put("iceberg.rest-catalog.nested-namespace-enabled", "true");
    properties.put("fs.native-s3.enabled", "true");
    properties.put("s3.endpoint", storage.get("s3.endpoint"));
    properties.put("s3.region", storage.get("s3.region"));
    properties.put("s3.path-style-access", "true");
    properties.put("s3.aws-access-key", storage.get("s3.access-key-id"));
    properties.put("s3.aws-secret-key", storage.get("s3.secret-access-key"));
    properties.putAll(more);
    String with =
        properties.entrySet().stream()
            .map(entry -> "\"%s\" = '%s'".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    run("CREATE CATALOG %s USING iceberg WITH (%s)".formatted(name, with));
  }

  /** Runs statements of which only success matters. */
  public void run(String... statements) {
    Stream.of(statements).forEach(this::rows);
  }

  /** The rows of a query: whole numbers are {@code Long}, what JSON has no type for is text. */
  public List<List<@Nullable Object>> rows(String sql) {
    return client.rows(sql);
  }

  /** How a statement fails; a statement that succeeds fails the test. */
  public String error(String sql) {
    return client.error(sql);
  }

  @Override
  public void close() {
    jvm.close();
  }

  private static JvmCommand command(JavaHome java, Path directory) {
    String libraries =
        files(PROJECT.unpacked("server").resolve("trino-server-core-" + version() + "/lib"));
    return new JvmCommand(
        java,
        List.of(
            "-Xmx1g",
            "-Dfile.encoding=UTF-8",
            "-Djdk.attach.allowAttachSelf=true",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-modules=jdk.incubator.vector",
            "-Dconfig=etc/config.properties",
            "-Dplugin.dir=" + PROJECT.unpacked("plugin"),
            "-Dnode.environment=test",
            "-Dnode.id=test",
            "-Dnode.data-dir=" + directory.resolve("data"),
            "-Dnode.bind-ip=127.0.0.1",
            "-Dnode.internal-address=127.0.0.1"),
        PROJECT.unpacked("classes") + File.pathSeparator + libraries,
        "io.twinberg.it.engine.launcher.Launcher",
        List.of("io.trino.server.TrinoServer"),
        directory);
  }

  /** The version is the parent POM's; the unpacked folder bears it. */
  private static String version() {
    try (Stream<Path> folders = Files.list(PROJECT.unpacked("server"))) {
      String name = folders.findFirst().orElseThrow().getFileName().toString();
      return name.substring(name.lastIndexOf('-') + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void settings(Path directory, int port) {
    try {
      Files.createDirectories(directory.resolve("etc"));
      Files.writeString(
          directory.resolve("etc/config.properties"),
          """
          coordinator=true
          node-scheduler.include-coordinator=true
          http-server.http.port=%1$d
          discovery.uri=http://127.0.0.1:%1$d
          query.max-memory=256MB
          query.max-memory-per-node=256MB
          catalog.management=dynamic
          catalog.store=memory
          """
              .formatted(port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    await("Trino")
        .atMost(START_LIMIT)
        .pollInterval(Duration.ofMillis(500))
        .failFast("it still runs", this::requireAlive)
        .until(client::isReady);
  }

  private void requireAlive() {
    if (!jvm.isAlive()) {
      throw new IllegalStateException(jvm.failure("ended before it answered"));
    }
  }
}
