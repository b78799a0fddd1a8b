package io.twinberg.it.kill;

import io.twinberg.it.StorePair;
import io.twinberg.it.engine.ClientRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;

/** Clients that append to tables through the catalogs of one or several servers. */
final class Clients implements AutoCloseable {
  private final StorePair stores;
  private final WhatClientsWereTold told;
  private final Map<URI, RESTCatalog> catalogs = new HashMap<>();
  private final List<Client> clients = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Clients(StorePair stores, WhatClientsWereTold told) {
    this.stores = stores;
    this.told = told;
  }

  /** Makes empty tables of one column. */
  void create(URI uri, String namespace, List<String> tables) {
    catalog(uri).createNamespace(Namespace.of(namespace));
    tables.forEach(
        name -> catalog(uri).createTable(TableIdentifier.of(namespace, name), OneRow.SCHEMA));
  }

  /** One more client of a table, which begins at once. */
  void commitTo(URI uri, String namespace, String table) {
    start(new Committer(table, catalog(uri).loadTable(TableIdentifier.of(namespace, table)), told));
  }

  /** One more client, which begins at once. */
  void start(Client client) {
    clients.add(client);
    threads.execute(client);
  }

  /** Whether none has begun yet. */
  boolean isEmpty() {
    return clients.isEmpty();
  }

  /** The client's catalog at a server. */
  RESTCatalog catalog(URI uri) {
    return catalogs.computeIfAbsent(uri, this::connect);
  }

  private RESTCatalog connect(URI uri) {
    Map<String, String> properties =
        new HashMap<>(ClientRegion.added(stores.source().properties()));
    properties.put(CatalogProperties.URI, uri.toString());
    properties.put(CatalogProperties.FILE_IO_IMPL, S3FileIO.class.getName());
    properties.put("rest-metrics-reporting-enabled", "false"); // it would outlive the catalog
    RESTCatalog catalog = new RESTCatalog();
    catalog.initialize("client", properties);
    return catalog;
  }

  /** Lets the clients end; what they were told stays. */
  void end() {
    clients.forEach(Client::end);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException("a client does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    clients.forEach(Client::end);
    threads.shutdownNow();
    try {
      for (RESTCatalog catalog : catalogs.values()) {
        catalog.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
