package io.twinberg.it.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a JVM left behind that ran to its end.
 *
 * @param exit its exit code
 * @param out what it printed
 * @param err what it complained about
 */
public record FinishedJvm(int exit, String out, String err) {
  /** Runs a command and waits for its end; kills it when it takes longer. */
  public static FinishedJvm run(JvmCommand command, Duration limit) {
    Path out = command.directory().resolve("stdout.log");
    Path err = command.directory().resolve("stderr.log");
    try {
      Process process =
          new ProcessBuilder(command.words())
              .directory(command.directory().toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("Still ran after " + limit + ": " + command.mainClass());
      }
      return new FinishedJvm(process.exitValue(), text(out), text(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
