package io.twinberg.it.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that a test talks to in lines: requests on its standard input, answers on its standard
 * output, everything else in its log.
 *
 * <p>Its main class must end when its input ends; the operating system closes that pipe when the
 * test's JVM dies, however it dies.
 */
public final class ChildJvm implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
  private static final int TAIL_LINES = 40;

  private final Process process;
  private final Path log;
  private final Writer requests;
  private final BufferedReader answers;
  private final ExecutorService reads =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "child-jvm-answers");
            thread.setDaemon(true);
            return thread;
          });

  private ChildJvm(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts the command; whether the child is ready is for the caller to ask it. */
  public static ChildJvm start(JvmCommand command) {
    Path log = command.directory().resolve("stderr.log");
    try {
      Process process =
          new ProcessBuilder(command.words())
              .directory(command.directory().toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      return new ChildJvm(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a line and waits for the line that answers it; kills the child if none comes. */
  public synchronized String ask(String line, Duration limit) {
    try {
      requests.write(line + "\n");
      requests.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(failure("takes no request"), e);
    }
    String answer = nextLine(limit);
    if (answer == null) {
      awaitEnd(STOP_LIMIT); // so that its log is whole
      throw new IllegalStateException(failure("ended without an answer"));
    }
    return answer;
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The process id, for whoever wants to send it signals. */
  public long pid() {
    return process.pid();
  }

  /** Kills it at once, as {@code kill -9} does, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(STOP_LIMIT);
    release();
  }

  /** Ends its input, waits until it has ended by itself, and returns its exit status. */
  public int stop() {
    try {
      requests.close();
    } catch (IOException e) {
      // the child is gone already and took the pipe with it; its exit status tells the rest
      return exitStatus();
    }
    return exitStatus();
  }

  @Override
  public void close() {
    stop();
  }

  /** What it is and how its log ends, as the message of an error. */
  public String failure(String what) {
    return "Child JVM %d %s (alive=%s), log %s ends with:%n%s"
        .formatted(process.pid(), what, process.isAlive(), log, String.join("\n", tail()));
  }

  private @Nullable String nextLine(Duration limit) {
    Future<String> line = reads.submit(answers::readLine);
    try {
      return line.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      String message = failure("gave no answer within " + limit);
      kill(); // a late answer would be taken for the answer to the next request
      throw new IllegalStateException(message, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(failure("broke off"), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure("was waited for until interrupted"), e);
    }
  }

  private int exitStatus() {
    if (!awaitEnd(STOP_LIMIT)) {
      String message = failure("outlives the end of its input");
      kill();
      throw new IllegalStateException(message);
    }
    release();
    return process.exitValue();
  }

  private boolean awaitEnd(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a child JVM ended", e);
    }
  }

  private void release() {
    reads.shutdownNow();
  }

  private List<String> tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    } catch (IOException e) {
      return List.of("(no log: " + e + ")");
    }
  }
}
