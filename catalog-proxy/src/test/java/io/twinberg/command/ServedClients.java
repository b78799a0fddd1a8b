package io.twinberg.command;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.rest.RESTCatalog;

/** Iceberg's own clients of what a server serves, which write and read local files. */
final class ServedClients {
  private ServedClients() {}

  /** A client of a catalog that is open to all. */
  static RESTCatalog of(TwinbergServer server, String catalog) {
    return of(server, catalog, Optional.empty());
  }

  /** A client that shows a token. */
  static RESTCatalog of(TwinbergServer server, String catalog, String token) {
    return of(server, catalog, Optional.of(token));
  }

  private static RESTCatalog of(TwinbergServer server, String catalog, Optional<String> token) {
    Map<String, String> properties = new HashMap<>();
    properties.put("uri", "http://127.0.0.1:" + server.port() + "/catalogs/" + catalog);
    properties.put("io-impl", "io.twinberg.storage.LocalFileIO");
    token.ifPresent(shown -> properties.put("token", shown));
    RESTCatalog client = new RESTCatalog();
    client.initialize(catalog, properties);
    return client;
  }
}
