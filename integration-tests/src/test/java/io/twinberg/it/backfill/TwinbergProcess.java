package io.twinberg.it.backfill;

import static org.awaitility.Awaitility.await;

import io.twinberg.it.RestReads;
import io.twinberg.it.Setup;
import io.twinberg.it.engine.JavaHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code twinberg serve} in a process of its own with a small heap. */
final class TwinbergProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private final Process process;
  private final URI base;

  private TwinbergProcess(Process process, URI base) {
    this.process = process;
    this.base = base;
  }

  static TwinbergProcess start(Path folder, Path config, URI base) throws IOException {
    List<String> words =
        List.of(
            JavaHome.current().command().toString(),
            "-Xmx512m",
            "-Dlogback.configurationFile=logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            "io.twinberg.command.Main",
            "serve",
            "--config",
            config.toString());
    Path log = folder.resolve("twinberg.log");
    Process process =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    TwinbergProcess twinberg = new TwinbergProcess(process, base);
    await("Twinberg").atMost(START_LIMIT).until(twinberg::answers);
    return twinberg;
  }

  private boolean answers() throws IOException {
    if (!process.isAlive()) {
      throw new IllegalStateException("Twinberg ended by itself, see its log");
    }
    try {
      return source().get("/v1/config").statusCode() == 200;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof ConnectException) {
        return false; // it is still starting
      }
      throw e;
    }
  }

  URI catalog(String name) {
    return URI.create(base + "/catalogs/" + name);
  }

  RestReads source() {
    return new RestReads(catalog(Setup.SOURCE));
  }

  RestReads replicas(String destination) {
    return new RestReads(catalog(destination));
  }

  /** The most memory that it ever had, of all kinds. */
  long peakMegabytes() {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    end(process.destroyForcibly());
  }

  @Override
  public void close() {
    process.destroy();
    end(process);
  }

  private static void end(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a process ended", e);
    }
  }
}
