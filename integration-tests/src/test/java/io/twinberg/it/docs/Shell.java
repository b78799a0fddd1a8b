package io.twinberg.it.docs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A bash that commands are typed into. What is started in it ends with it. */
final class Shell implements AutoCloseable {
  private static final String END = "--- all of that has run ---";
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Process bash;
  private final Writer commands;
  private final BlockingQueue<String> printed = new LinkedBlockingQueue<>();

  private Shell(Process bash) {
    this.bash = bash;
    this.commands = bash.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts it in a folder, with these variables in its environment. */
  static Shell start(Path folder, Map<String, String> environment) {
    ProcessBuilder bash =
        new ProcessBuilder("bash", "--norc").directory(folder.toFile()).redirectErrorStream(true);
    bash.environment().putAll(environment);
    try {
      Shell shell = new Shell(bash.start());
      shell.collectOutput();
      return shell;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is not read would stop in the end whoever prints it. */
  private void collectOutput() {
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader output = bash.inputReader(StandardCharsets.UTF_8)) {
                output.lines().forEach(printed::add);
              } catch (IOException | UncheckedIOException e) {
                printed.add("cannot be read any more: " + e);
              }
            },
            "shell-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Types commands and returns all that is printed until the last one has ended. */
  String run(String text) throws InterruptedException {
    begin(text + "\necho; echo '" + END + "'\n");
    StringBuilder output = new StringBuilder();
    while (true) {
      String line = printed.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError(
            "%s%nhas not ended and for %s printed no more than%n%s".formatted(text, LIMIT, output));
      }
      if (line.equals(END)) {
        return output.toString();
      }
      output.append(line).append('\n');
    }
  }

  /** Types commands of which the last one goes on. */
  void begin(String text) {
    try {
      commands.write(text);
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the shell has ended: " + text, e);
    }
  }

  /** What has been printed so far, for whoever is told nothing else. */
  String printed() {
    return printed.stream().collect(Collectors.joining("\n"));
  }

  @Override
  public void close() throws InterruptedException {
    List<ProcessHandle> started = bash.descendants().toList();
    bash.destroy();
    started.forEach(ProcessHandle::destroy);
    for (ProcessHandle one : started) {
      one.onExit().completeOnTimeout(one, 30, TimeUnit.SECONDS).join();
      one.destroyForcibly();
    }
    bash.waitFor();
  }
}
