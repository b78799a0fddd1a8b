package io.twinberg.it;

import io.twinberg.testing.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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

  /** The objects of the destination, whoever wrote them. */
  public List<Path> replicated() {
    Path bucket = folder.resolve("destination-store/replicas");
    try (Stream<Path> all = Files.walk(bucket)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
