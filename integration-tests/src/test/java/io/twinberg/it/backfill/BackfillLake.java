package io.twinberg.it.backfill;

import io.twinberg.it.Setup;
import io.twinberg.it.StorePair;
import io.twinberg.it.engine.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.aws.s3.S3FileIO;

/** Two S3 servers, and the configurations of a Twinberg between them, on ports that it keeps. */
final class BackfillLake implements AutoCloseable {
  static final String NAMESPACE = "large";
  static final String TABLE = "events";

  private static final String RULE = "{ source: lake, destinations: [eu] }";

  private final Path folder;
  private final StorePair stores;
  private final int port = FreePort.find();

  BackfillLake(Path folder) {
    this.folder = folder;
    this.stores = StorePair.start(folder);
  }

  /** Starts it with a rule for nothing, for those who only write. */
  TwinbergProcess startWithoutReplicas() {
    return start(RULE.replace("destinations", "namespace: nothing, destinations"));
  }

  /** Starts it with a rule for everything. */
  TwinbergProcess start() {
    return start(RULE);
  }

  private TwinbergProcess start(String rule) {
    String yaml =
        Setup.embedded(folder, stores)
            .yaml()
            .replace(RULE, rule)
            .replaceFirst("server: \\{ port: 0 }", "server: { port: " + port + " }");
    try {
      Path file = Files.writeString(folder.resolve("twinberg.yaml"), yaml);
      return TwinbergProcess.start(folder, file, URI.create("http://127.0.0.1:" + port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
