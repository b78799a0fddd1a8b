package io.twinberg.it.kill;

import io.twinberg.it.StorePair;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The writers of a soak: five through the proxy, and one past it to some of the same tables. */
final class SoakClients implements AutoCloseable {
  static final String NAMESPACE = "shop";
  static final List<String> TABLES = IntStream.range(0, 50).mapToObj(i -> "table" + i).toList();

  private static final int WRITERS = 5;
  private static final Duration PACE = Duration.ofSeconds(1);
  private static final Duration BYPASS_PACE = Duration.ofSeconds(5);

  private final Clients clients;
  private final WhatClientsWereTold told;
  private final long seed;

  SoakClients(StorePair stores, WhatClientsWereTold told, long seed) {
    this.clients = new Clients(stores, told);
    this.told = told;
    this.seed = seed;
  }

  /** Makes the tables. */
  void create(URI proxy) {
    clients.create(proxy, NAMESPACE, TABLES);
  }

  /** Begins to write. */
  void start(URI proxy, URI upstream, Duration keptFor) {
    for (int i = 0; i < WRITERS; i++) {
      write(proxy, TABLES.subList(i * 10, i * 10 + 10), PACE, keptFor, i);
    }
    write(upstream, TABLES.subList(0, 5), BYPASS_PACE, keptFor, WRITERS);
  }

  private void write(URI uri, List<String> tables, Duration pace, Duration keptFor, int number) {
    clients.start(
        new SoakWriter(
            clients.catalog(uri),
            NAMESPACE,
            tables,
            pace,
            keptFor,
            new Random(seed + number),
            told));
  }

  void end() {
    clients.end();
  }

  @Override
  public void close() {
    clients.close();
  }
}
