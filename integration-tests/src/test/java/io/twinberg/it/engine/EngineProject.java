package io.twinberg.it.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** One of the small Maven projects under {@code src/test/engines}, as the build left it. */
public record EngineProject(String name) {
  private static final AtomicInteger RUNS = new AtomicInteger();

  /** The project's own classes and everything they need. */
  public String classPath() {
    Path file = target().resolve("classpath");
    try {
      return target().resolve("classes") + ":" + Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "No class path of " + name + " in " + file + "; `./mvnw verify -DskipITs=false` makes it",
          e);
    }
  }

  /** Something that the build put beside the classes. */
  public Path unpacked(String folder) {
    Path path = target().resolve(folder);
    if (!Files.isDirectory(path)) {
      throw new IllegalStateException(
          "No %s; `./mvnw -Dquick -pl integration-tests -am verify -P%s` makes it"
              .formatted(path, name));
    }
    return path;
  }

  /** A fresh folder for one run of it, kept after the run for whoever has to read its log. */
  public Path runDirectory() {
    long pid = ProcessHandle.current().pid();
    String run = name + "-" + pid + "-" + RUNS.incrementAndGet();
    try {
      return Files.createDirectories(runs().resolve(run));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of all runs of all engines. */
  public static Path runs() {
    return root().resolve("runs");
  }

  private Path target() {
    return root().resolve(name).resolve("target");
  }

  private static Path root() {
    return Path.of(System.getProperty("twinberg.engines", "target/engines")).toAbsolutePath();
  }
}
