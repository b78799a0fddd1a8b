package io.twinberg.it.ceph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs Ceph's tools to their end, in the cluster's folder. */
record CephCommand(Path folder) {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Runs a tool with the cluster's configuration; fails with what it said. */
  void run(String tool, String... arguments) {
    Path log = folder.resolve("tools.log");
    try {
      Process process =
          new ProcessBuilder(words(tool, arguments))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(tool + " did not end within " + LIMIT + ", see " + log);
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(tool + " failed:\n" + Files.readString(log));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  List<String> words(String tool, String... arguments) {
    return Stream.concat(Stream.of(tool, "-c", CephSettings.FILE), Stream.of(arguments)).toList();
  }
}
