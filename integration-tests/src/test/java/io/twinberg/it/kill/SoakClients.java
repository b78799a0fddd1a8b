package io.twinberg.it.kill;

import io.twinberg.it.StorePair;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.TableIdentifier;

/** The writers of a soak: five through the proxy, and one past it to some of the same tables. */
final class SoakClients implements AutoCloseable {
  /** Its replicas keep everything. */
  static final String KEPT = "shop";

  /** Its replicas keep little. */
  static final String BRIEF = "brief";

  static final List<TableIdentifier> TABLES =
      Stream.concat(tables(KEPT, 30), tables(BRIEF, 20)).toList();

  /** How many commits a second are attempted through the proxy. */
  static final int WRITERS = 5;

  private static final Duration PACE = Duration.ofSeconds(1);
  private static final Duration BYPASS_PACE = Duration.ofSeconds(5);

  /** Nothing holds back what is expired past the proxy. */
  private static final Duration FOREVER = Duration.ofDays(1);

  private final Clients clients;
  private final WhatClientsWereTold told;
  private final long seed;

  SoakClients(StorePair stores, WhatClientsWereTold told, long seed) {
    this.clients = new Clients(stores, told);
    this.told = told;
    this.seed = seed;
  }

  private static Stream<TableIdentifier> tables(String namespace, int count) {
    return IntStream.range(0, count).mapToObj(i -> TableIdentifier.of(namespace, namespace + i));
  }

  /** The names of the tables of a namespace. */
  static List<String> tablesOf(String namespace) {
    return TABLES.stream()
        .filter(table -> table.namespace().toString().equals(namespace))
        .map(TableIdentifier::name)
        .toList();
  }

  /** Makes the tables. */
  void create(URI proxy) {
    clients.create(proxy, KEPT, tablesOf(KEPT));
    clients.create(proxy, BRIEF, tablesOf(BRIEF));
  }

  /** Begins to write. */
  void start(URI proxy, URI upstream, Duration keptFor) {
    int each = TABLES.size() / WRITERS;
    for (int i = 0; i < WRITERS; i++) {
      write(proxy, TABLES.subList(i * each, i * each + each), PACE, keptFor, i);
    }
    List<TableIdentifier> some = Stream.concat(tables(KEPT, 3), tables(BRIEF, 3)).toList();
    write(upstream, some, BYPASS_PACE, FOREVER, WRITERS);
  }

  private void write(
      URI uri, List<TableIdentifier> tables, Duration pace, Duration keptFor, int number) {
    clients.start(
        new SoakWriter(
            clients.catalog(uri), tables, pace, keptFor, new Random(seed + number), told));
  }

  void end() {
    clients.end();
  }

  @Override
  public void close() {
    clients.close();
  }
}
