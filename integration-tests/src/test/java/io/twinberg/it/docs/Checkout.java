package io.twinberg.it.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder like the checkout that people build and then work in: with the launcher, what it starts,
 * and the documents, all of them links to this checkout's, and room for files that are typed.
 */
final class Checkout implements AutoCloseable {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Path JAR =
      Path.of("catalog-proxy/target/twinberg-catalog-proxy-0.1.0-SNAPSHOT.jar");
  private static final Path LIBRARIES = Path.of("catalog-proxy/target/lib");
  private static final List<Path> LINKED =
      List.of(
          Path.of("twinberg"),
          Path.of("pom.xml"),
          Path.of("docs"),
          Path.of("common"),
          Path.of("replicator"),
          Path.of("catalog-proxy/pom.xml"),
          Path.of("catalog-proxy/src"),
          JAR,
          LIBRARIES);
  // The launcher takes it for the time of the build, and builds where a source is newer.
  private static final Path BUILT = Path.of("catalog-proxy/target/.built");

  private final Path folder;

  private Checkout(Path folder) {
    this.folder = folder;
  }

  /** Makes one in a new folder. */
  static Checkout at(Path folder) throws IOException {
    for (Path path : LINKED) {
      link(folder.resolve(path), existing(PROJECT.resolve(path)));
    }
    Files.createFile(folder.resolve(BUILT));
    return new Checkout(folder);
  }

  Path folder() {
    return folder;
  }

  private static void link(Path link, Path target) throws IOException {
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, target);
  }

  private static Path existing(Path path) {
    if (Files.notExists(path)) {
      throw new IllegalStateException(
          "No " + path + "; './mvnw -Dquick -pl catalog-proxy -am -DskipTests package' makes it");
    }
    return path;
  }

  /** Takes the links away, so that whoever deletes the folder need not fear to follow them. */
  @Override
  public void close() throws IOException {
    for (Path path : LINKED) {
      Files.delete(folder.resolve(path));
    }
  }
}
