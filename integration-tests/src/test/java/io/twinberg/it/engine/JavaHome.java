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

  /**
   * A Java of this feature version or a later one: the folder that the system property {@code
   * jdk25.home} or the environment variable {@code JAVA25_HOME} names, the current one, or an
   * installed one.
   */
  public static Optional<JavaHome> atLeast(int feature) {
    return Stream.of(named().stream(), Stream.of(current()), installed().stream())
        .flatMap(homes -> homes)
        .filter(java -> java.version().map(version -> version >= feature).orElse(false))
        .findFirst();
  }

  /** Why a test that needs a newer Java is skipped. */
  public static String needs(String what, int feature) {
    return "%s needs Java %d or later: name its folder with -Djdk25.home= or JAVA25_HOME, or install one under %s"
        .formatted(what, feature, INSTALLED);
  }

  private static Optional<JavaHome> named() {
    String home = System.getProperty("jdk25.home", System.getenv("JAVA25_HOME"));
    return Optional.ofNullable(home)
        .filter(path -> !path.isBlank())
        .map(Path::of)
        .map(JavaHome::new);
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
