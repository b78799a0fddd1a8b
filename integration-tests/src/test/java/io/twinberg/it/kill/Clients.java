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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;

/** Clients that commit to tables through the catalogs of one or several servers. */
final class Clients implements AutoCloseable {
  private final StorePair stores;
  private final WhatClientsWereTold told;
  private final Map<URI, RESTCatalog> catalogs = new HashMap<>();
  private final List<Client> clients = new ArrayList<>();
  private final List<Future<?>> running = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Clients(StorePair stores, WhatClientsWereTold told) {
    this.stores = stores;
    this.told = told;
  }

  /** Makes empty tables of one column. */
  void create(URI uri, String namespace, List<String> tables) {
    catalog(uri).createNamespace(Namespace.of(namespace));
    tables.forEach(
        name -> catalog(uri).createTable(TableIdentifier.of(namespace, name), SameRows.SCHEMA));
  }

  /** One more client that appends to a table, which begins at once. */
  void commitTo(URI uri, String namespace, String table) {
    SameRows rows = new SameRows();
    commitTo(uri, namespace, table, to -> to.newFastAppend().appendFile(rows.in(to)));
  }

  /** One more client that changes a table, which begins at once. */
  void commitTo(URI uri, String namespace, String table, Change change) {
    start(
        new Committer(
            table, catalog(uri).loadTable(TableIdentifier.of(namespace, table)), change, told));
  }

  /** One more client, which begins at once. */
  void start(Client client) {
    clients.add(client);
    running.add(threads.submit(client));
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

  /** Lets the clients end; what they were told stays. One that ended before its time is told. */
  void end() {
    clients.forEach(Client::end);
    threads.shutdown();
    try {
      for (Future<?> client : running) {
        client.get(2, TimeUnit.MINUTES);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a client did not end as it should", e);
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
