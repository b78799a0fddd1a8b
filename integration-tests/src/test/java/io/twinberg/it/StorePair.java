package io.twinberg.it;

import io.twinberg.testing.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Two S3 servers that accept different keys: one for the source, one for the replicas. */
public final class StorePair implements AutoCloseable {
  public static final String WAREHOUSE = "s3://lake/wh";
  public static final String REPLICAS = "s3://replicas/eu";

  private final Path folder;
  private final S3Server source;
  private final S3Server destination;

  private StorePair(Path folder, S3Server source, S3Server destination) {
    this.folder = folder;
    this.source = source;
    this.destination = destination;
  }

  public static StorePair start(Path folder) {
    S3Server source = S3Server.start(created(folder.resolve("source-store")), "source", "s-secret");
    S3Server destination =
        S3Server.start(created(folder.resolve("destination-store")), "destination", "d-secret");
    source.createBucket("lake");
    destination.createBucket("replicas");
    return new StorePair(folder, source, destination);
  }

  public S3Server source() {
    return source;
  }

  public S3Server destination() {
    return destination;
  }

  /**
   * The objects of the destination, whoever wrote them; the server may be writing and deleting
   * others.
   */
  public List<Path> replicated() {
    List<Path> objects = new ArrayList<>();
    try {
      Files.walkFileTree(folder.resolve("destination-store/replicas"), new Listing(objects));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Collections.sort(objects);
    return objects;
  }

  /** Lists files, and passes over what has gone since its folder was read. */
  private static final class Listing extends SimpleFileVisitor<Path> {
    private final List<Path> files;

    private Listing(List<Path> files) {
      this.files = files;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      files.add(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
      if (problem instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw problem;
    }
  }

  @Override
  public void close() {
    source.close();
    destination.close();
  }

  private static Path created(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
