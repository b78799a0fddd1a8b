package io.twinberg.it.kill;

import static org.awaitility.Awaitility.await;

import io.twinberg.it.Setup;
import io.twinberg.it.StorePair;
import io.twinberg.it.TwinbergProcess;
import io.twinberg.it.engine.ClientRegion;
import io.twinberg.it.engine.FreePort;
import io.twinberg.it.kill.WhatClientsWereTold.Commit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;

/**
 * A server process that is killed at random times, some of them before it serves again, while
 * clients commit to its tables: two to one of them, one to each of the others.
 */
final class KillLoop implements AutoCloseable {
  static final String NAMESPACE = "shop";
  static final List<String> TABLES = List.of("shared", "first", "second");

  private static final int SHORTEST_MILLIS = 200;
  private static final int LONGEST_MILLIS = 3000;
  private static final int BEFORE_IT_SERVES = 4; // one in so many
  private static final Duration FIRST_COMMIT = Duration.ofMinutes(1);

  /** It lives for seconds, so it had better start soon. */
  private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Setup setup;
  private final StorePair stores;
  private final Random random;
  private final List<String> main;
  private final int port = FreePort.find();
  private final WhatClientsWereTold told;
  private final RESTCatalog catalog = new RESTCatalog();
  private final List<Committer> committers = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * @param main the server's main class and what it is told before the configuration's path
   */
  KillLoop(Setup setup, StorePair stores, Random random, String... main) {
    this.setup = setup;
    this.stores = stores;
    this.random = random;
    this.main = List.of(main);
    this.told = new WhatClientsWereTold(setup.folder().resolve("told.txt"));
  }

  WhatClientsWereTold told() {
    return told;
  }

  /**
   * Starts the server, and the clients with the first one, lets it live and kills it.
   *
   * @return what was acknowledged and is not in the dead server's log
   */
  Set<Commit> killOnce() {
    TwinbergProcess server = start();
    try {
      live(server);
    } finally {
      server.kill();
    }
    return lost(told.acknowledged());
  }

  private void live(TwinbergProcess server) {
    boolean first = committers.isEmpty();
    if (first || random.nextInt(BEFORE_IT_SERVES) > 0) {
      int before = told.acknowledged().size();
      server.awaitServing();
      if (first) {
        startCommitting(server.catalog(Setup.SOURCE));
      }
      await("a commit").atMost(FIRST_COMMIT).until(() -> told.acknowledged().size() > before);
    }
    int life = SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS);
    if (server.endsWithin(Duration.ofMillis(life))) {
      throw new IllegalStateException("the server ended by itself, see its log");
    }
  }

  private Set<Commit> lost(Set<Commit> acknowledged) {
    Set<Long> captured = CapturedCommits.in(setup.dataDir());
    Set<Commit> lost = new HashSet<>(acknowledged);
    lost.removeIf(commit -> captured.contains(commit.snapshot()));
    return lost;
  }

  private TwinbergProcess start() {
    List<String> words = new ArrayList<>(FLAGS);
    words.addAll(main);
    words.add(setup.file(port).toString());
    try {
      return TwinbergProcess.launch(
          setup.folder(), URI.create("http://127.0.0.1:" + port), words.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void startCommitting(URI uri) {
    Map<String, String> properties =
        new HashMap<>(ClientRegion.added(stores.source().properties()));
    properties.put(CatalogProperties.URI, uri.toString());
    properties.put(CatalogProperties.FILE_IO_IMPL, S3FileIO.class.getName());
    properties.put("rest-metrics-reporting-enabled", "false"); // it would outlive the catalog
    catalog.initialize(Setup.SOURCE, properties);
    catalog.createNamespace(Namespace.of(NAMESPACE));
    for (String name : TABLES) {
      catalog.createTable(TableIdentifier.of(NAMESPACE, name), OneRow.SCHEMA);
      commitTo(name);
    }
    commitTo(TABLES.get(0));
  }

  private void commitTo(String name) {
    Committer committer =
        new Committer(name, catalog.loadTable(TableIdentifier.of(NAMESPACE, name)), told);
    committers.add(committer);
    threads.execute(committer);
  }

  /** Lets the clients end; what they were told stays. */
  void endCommitting() {
    committers.forEach(Committer::end);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("a client does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    committers.forEach(Committer::end);
    threads.shutdownNow();
    try (told;
        catalog) {
      // both are closed, whatever one of them does
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
