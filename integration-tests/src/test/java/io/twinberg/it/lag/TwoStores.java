package io.twinberg.it.lag;

import io.twinberg.command.Role;
import io.twinberg.command.TwinbergServer;
import io.twinberg.config.ConfigLoader;
import io.twinberg.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A whole Twinberg in this process: its own catalog over one S3 server, and replicas on another,
 * which knows other keys. Tables whose names begin with {@code local_} have no replica.
 */
final class TwoStores implements AutoCloseable {
  private final S3Server source;
  private final S3Server destination;
  private final TwinbergServer twinberg;

  TwoStores(Path folder) throws IOException {
    source = server(folder.resolve("source"), "lake-key", "lake", "lake");
    destination = server(folder.resolve("destination"), "copy-key", "copy", "copy");
    twinberg =
        TwinbergServer.start(
            ConfigLoader.parse(config(), folder, name -> null), EnumSet.allOf(Role.class));
  }

  private static S3Server server(Path folder, String key, String secret, String bucket)
      throws IOException {
    S3Server server = S3Server.start(Files.createDirectories(folder), key, secret);
    server.createBucket(bucket);
    return server;
  }

  private String config() {
    return """
        server: { port: 0 }
        management: { port: 0 }
        data-dir: data
        sources:
          main:
            warehouse: s3://lake/warehouse
            storage: %s
        destinations:
          replica:
            root: s3://copy/warehouse
            storage: %s
            retention: { snapshots: forever }
        rules:
          - { source: main, namespace: shop, except: ["local_*"], destinations: [replica] }
        """
        .formatted(yaml(source.properties()), yaml(destination.properties()));
  }

  private static String yaml(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"")
        .collect(Collectors.joining(", ", "{ ", " }"));
  }

  S3Server source() {
    return source;
  }

  S3Server destination() {
    return destination;
  }

  /** The base URI of a catalog, for clients. */
  String catalog(String name) {
    return "http://127.0.0.1:" + twinberg.port() + "/catalogs/" + name;
  }

  @Override
  public void close() {
    twinberg.close();
    source.close();
    destination.close();
  }
}
