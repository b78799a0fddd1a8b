package io.twinberg.it;

import io.twinberg.it.engine.FinishedJvm;
import io.twinberg.it.engine.JavaHome;
import io.twinberg.it.engine.JvmCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The {@code twinberg} command in a JVM of its own, as the launcher starts it. */
public final class TwinbergCommand {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private TwinbergCommand() {}

  /** Runs it in a fresh folder below {@code folder} until it ends. */
  public static FinishedJvm run(Path folder, String... arguments) {
    List<String> flags =
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            // Its own log settings, not the tests' that come first on this class path.
            "-Dlogback.configurationFile=logback.xml");
    return FinishedJvm.run(
        new JvmCommand(
            JavaHome.current(),
            flags,
            System.getProperty("java.class.path"),
            "io.twinberg.command.Main",
            List.of(arguments),
            workingFolder(folder)),
        LIMIT);
  }

  private static Path workingFolder(Path folder) {
    try {
      return Files.createTempDirectory(folder, "command");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
