package io.twinberg.proxy.embedded;

import io.twinberg.database.Database;
import io.twinberg.embedded.EmbeddedCatalog;
import io.twinberg.embedded.EmbeddedSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.inmemory.InMemoryFileIO;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;

/** An embedded catalog behind a listener, and clients of it. */
final class EmbeddedServer implements AutoCloseable {
  static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "name", Types.StringType.get()));

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final String warehouse;
  private final String ioClass;
  private final EmbeddedCatalog catalog;
  private final TestListener listener;
  private final List<RESTCatalog> clients = new ArrayList<>();

  EmbeddedServer(Database database, String name, String warehouse) {
    this(database, name, warehouse, InMemoryFileIO.class.getName());
  }

  /** Its clients write their files as the catalog does. */
  EmbeddedServer(Database database, String name, String warehouse, String ioClass) {
    this.warehouse = warehouse;
    this.ioClass = ioClass;
    this.catalog =
        EmbeddedCatalog.open(
            database,
            new EmbeddedSettings(
                name,
                warehouse,
                List.of("memory://allowed/lake"),
                ioClass,
                Map.of("s3.secret-access-key", "do-not-tell")));
    this.listener = new TestListener(name, new EmbeddedEndpoint(name, catalog));
  }

  static String freshWarehouse() {
    return "memory://" + UUID.randomUUID() + "/warehouse";
  }

  RESTCatalog client() {
    return client(Map.of());
  }

  RESTCatalog client(Map<String, String> more) {
    Map<String, String> properties = new HashMap<>(more);
    properties.put("uri", listener.uri().toString());
    properties.put("io-impl", ioClass);
    RESTCatalog client = new RESTCatalog();
    client.initialize("test", properties);
    clients.add(client);
    return client;
  }

  /** Sends a request whose path is used as it is. */
  HttpResponse<String> send(String method, String rawPath, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(listener.uri() + "/" + rawPath))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String rawPath, String... headers) {
    return send("GET", rawPath, "", headers);
  }

  /** A data file that is only named, never read. */
  static DataFile file(Table table) {
    return DataFiles.builder(table.spec())
        .withPath(table.location() + "/data/" + UUID.randomUUID() + ".parquet")
        .withFileSizeInBytes(100)
        .withRecordCount(1)
        .build();
  }

  static void append(Table table) {
    table.newAppend().appendFile(file(table)).commit();
  }

  @Override
  public void close() {
    for (RESTCatalog client : clients) {
      try {
        client.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    listener.close();
    catalog.close();
  }
}
