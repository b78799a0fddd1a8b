package io.twinberg.it.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small project of node under {@code src/test/engines}, installed from npm when first run. */
public final class NodeProject {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;

  private NodeProject(Path directory) {
    this.directory = directory;
  }

  /** Copies the project to a folder of its own and installs what it names. */
  public static NodeProject install(String name) {
    Path sources = Path.of(System.getProperty("twinberg.engine-sources", "src/test/engines"));
    Path directory = new EngineProject(name).runDirectory();
    try (var files = Files.newDirectoryStream(sources.resolve(name))) {
      for (Path file : files) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    NodeProject project = new NodeProject(directory);
    project.run(List.of("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"));
    return project;
  }

  /** Whether node and npm are there. */
  public static boolean isPossible() {
    return starts("node") && starts("npm");
  }

  /** Runs a script to its end, which prints one line of JSON. */
  public JsonNode run(String script, String... arguments) {
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(arguments));
    try {
      return JSON.readTree(run(command));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String run(List<String> command) {
    Path out = directory.resolve("stdout.log");
    Path err = directory.resolve("stderr.log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("Still ran after " + LIMIT + ": " + command);
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(command + " failed: " + Files.readString(err, UTF_8));
      }
      return Files.readString(out, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean starts(String program) {
    try {
      Process process =
          new ProcessBuilder(program, "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // not installed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
