package io.twinberg.it.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** The folder of an installed Java. */
public record JavaHome(Path path) {
  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  /** The Java that runs the tests. */
  public static JavaHome current() {
    return new JavaHome(Path.of(System.getProperty("java.home")));
  }

  /** An installed Java of exactly this feature version: the current one if it fits. */
  public static JavaHome ofVersion(int feature) {
    return Stream.concat(Stream.of(current()), installed().stream())
        .filter(java -> java.version().map(version -> version == feature).orElse(false))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(missing(feature)));
  }

  /** The command that starts it. */
  public Path command() {
    return path.resolve("bin/java");
  }

  private Optional<Integer> version() {
    Properties release = new Properties();
    try (var reader = Files.newBufferedReader(path.resolve("release"))) {
      release.load(reader);
    } catch (IOException e) {
      return Optional.empty(); // a folder without a release file holds no Java
    }
    String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
    return version.isEmpty()
        ? Optional.empty()
        : Optional.of(Runtime.Version.parse(version).feature());
  }

  private static List<JavaHome> installed() {
    if (!Files.isDirectory(INSTALLED)) {
      return List.of();
    }
    try (Stream<Path> homes = Files.list(INSTALLED)) {
      return homes.filter(Files::isDirectory).sorted().map(JavaHome::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String missing(int feature) {
    return "No Java "
        + feature
        + ": neither "
        + current().path()
        + " nor anything under "
        + INSTALLED
        + " is one. Install openjdk-"
        + feature
        + "-jdk, or run the tests with it.";
  }
}
