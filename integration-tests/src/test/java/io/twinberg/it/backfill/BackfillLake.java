package io.twinberg.it.backfill;

import io.twinberg.it.Setup;
import io.twinberg.it.StorePair;
import io.twinberg.it.TwinbergProcess;
import io.twinberg.it.engine.FreePort;
import io.twinberg.testing.S3Requests.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.aws.s3.S3FileIO;

/**
 * Two S3 servers with one large table, and the configurations of a Twinberg between them, on ports
 * that it keeps.
 */
final class BackfillLake implements AutoCloseable {
  static final String NAMESPACE = "large";
  static final String TABLE = "events";

  private static final String RULE = "{ source: lake, destinations: [eu] }";

  private final Path folder;
  private final StorePair stores;
  private final int port = FreePort.find();
  private final Set<String> destinations = new TreeSet<>();

  BackfillLake(Path folder) {
    this.folder = folder;
    this.stores = StorePair.start(folder);
  }

  /** Starts it with a rule for nothing, for those who only write. */
  TwinbergProcess startWithoutReplicas() {
    return start(RULE.replace("destinations", "namespace: nothing, destinations"));
  }

  /** Starts it with a rule for everything, to a destination that may be new. */
  TwinbergProcess start(String destination, String mode) {
    destinations.add(destination);
    return start("{ source: lake, destinations: [%s], backfill: %s }".formatted(destination, mode));
  }

  private TwinbergProcess start(String rule) {
    String yaml =
        Setup.embedded(folder, stores)
            .yaml()
            .replace(RULE, rule)
            .replaceFirst("destinations:\n", "destinations:\n" + destinations())
            .replaceFirst("server: \\{ port: 0 }", "server: { port: " + port + " }");
    try {
      Path file = Files.writeString(folder.resolve("twinberg.yaml"), yaml);
      return TwinbergProcess.serve(folder, file, URI.create("http://127.0.0.1:" + port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String destinations() {
    return destinations.stream()
        .map(
            name ->
                "  %s: { root: %s, storage: %s, retention: { snapshots: forever } }%n"
                    .formatted(name, root(name), flow(stores.destination().properties())))
        .collect(Collectors.joining());
  }

  private static String root(String destination) {
    return "s3://replicas/" + destination;
  }

  private static String flow(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"")
        .collect(Collectors.joining(", ", "{ ", " }"));
  }

  /** How many manifests and manifest lists a destination has. */
  long manifests(String destination) {
    return stores.replicated().stream()
        .map(Path::toString)
        .filter(path -> path.contains("/replicas/" + destination + "/") && path.endsWith(".avro"))
        .count();
  }

  /** How many objects all destinations were sent; their folders would also show half of ones. */
  int written() {
    return stores.destination().requests().counts().getOrDefault(Kind.PUT, 0);
  }

  StorePair stores() {
    return stores;
  }

  /** Access to the source's files as a client has it. */
  S3FileIO sourceFiles() {
    return files(stores.source().properties());
  }

  /** Access to the files of the replicas. */
  S3FileIO destinationFiles() {
    return files(stores.destination().properties());
  }

  private static S3FileIO files(Map<String, String> storage) {
    Map<String, String> properties = new HashMap<>(storage);
    properties.put("client.region", storage.get("s3.region"));
    S3FileIO io = new S3FileIO();
    io.initialize(properties);
    return io;
  }

  @Override
  public void close() {
    stores.close();
  }
}
