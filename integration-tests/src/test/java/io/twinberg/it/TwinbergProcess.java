package io.twinberg.it;

import static org.awaitility.Awaitility.await;

import io.twinberg.it.engine.JavaHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Twinberg in a process of its own, on a port that is known before it starts. */
public final class TwinbergProcess implements AutoCloseable {
  /** Flags for a process that lives for seconds, so had better start soon. */
  public static final List<String> SHORT_LIFE =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private final Process process;
  private final URI base;

  private TwinbergProcess(Process process, URI base) {
    this.process = process;
    this.base = base;
  }

  /** Starts {@code twinberg serve} with a small heap and waits until it answers. */
  public static TwinbergProcess serve(Path folder, Path config, URI base) throws IOException {
    return serve(folder, config, base, List.of());
  }

  /** Starts it with these flags for the JVM and waits until it answers. */
  public static TwinbergProcess serve(Path folder, Path config, URI base, List<String> flags)
      throws IOException {
    List<String> words = new ArrayList<>(flags);
    words.addAll(List.of("io.twinberg.command.Main", "serve", "--config", config.toString()));
    TwinbergProcess twinberg = launch(folder, base, words.toArray(String[]::new));
    twinberg.awaitServing();
    return twinberg;
  }

  /**
   * Starts a main class, of which flags for the JVM may come first, that will serve {@code base},
   * and does not wait for it.
   */
  public static TwinbergProcess launch(Path folder, URI base, String... mainAndArguments)
      throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                JavaHome.current().command().toString(),
                "-Xmx512m",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path")));
    words.addAll(List.of(mainAndArguments));
    Path log = folder.resolve("twinberg.log");
    Process process =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new TwinbergProcess(process, base);
  }

  /** Waits until it answers. */
  public void awaitServing() {
    await("Twinberg").atMost(START_LIMIT).until(this::answers);
  }

  /** Whether it ends by itself within that time. */
  public boolean endsWithin(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
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

  /** Where engines reach one of its catalogs. */
  public URI catalog(String name) {
    return URI.create(base + "/catalogs/" + name);
  }

  /** Raw calls to the source through it. */
  public RestReads source() {
    return new RestReads(catalog(Setup.SOURCE));
  }

  /** Raw calls to the replicas of a destination. */
  public RestReads replicas(String destination) {
    return new RestReads(catalog(destination));
  }

  /** The most memory that it ever had, of all kinds. */
  public long peakMegabytes() {
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

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Stops it where it stands, as SIGSTOP does: it keeps its connections and does nothing. */
  public void pause() {
    signal("STOP");
  }

  /** Lets it go on as if nothing had happened. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int status =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("kill -" + name + " ended with " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Asks it to end, as SIGTERM does, and does not wait for it. */
  public void terminate() {
    process.destroy();
  }

  /** What it has ended with. */
  public int exitStatus() {
    return process.exitValue();
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
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
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while a process ended", e);
  }
}
