package io.twinberg.it.kill;

import static org.awaitility.Awaitility.await;

import io.twinberg.it.Setup;
import io.twinberg.it.StorePair;
import io.twinberg.it.TwinbergProcess;
import io.twinberg.it.engine.FreePort;
import io.twinberg.it.kill.WhatClientsWereTold.Commit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

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
  private static final Duration FIRST_COMMIT = Duration.ofMinutes(3);

  private final Setup setup;
  private final Random random;
  private final List<String> main;
  private final int port = FreePort.find();
  private final WhatClientsWereTold told;
  private final Clients clients;

  /**
   * @param main the server's main class and what it is told before the configuration's path
   */
  KillLoop(Setup setup, StorePair stores, Random random, String... main) {
    this.setup = setup;
    this.random = random;
    this.main = List.of(main);
    this.told = new WhatClientsWereTold(setup.folder().resolve("told.txt"));
    this.clients = new Clients(stores, told);
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
    boolean first = clients.isEmpty();
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
    List<String> words = new ArrayList<>(TwinbergProcess.SHORT_LIFE);
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
    clients.create(uri, NAMESPACE, TABLES);
    TABLES.forEach(name -> clients.commitTo(uri, NAMESPACE, name));
    clients.commitTo(uri, NAMESPACE, TABLES.get(0));
  }

  /** Lets the clients end; what they were told stays. */
  void endCommitting() {
    clients.end();
  }

  @Override
  public void close() {
    try (told;
        clients) {
      // both are closed, whatever one of them does
    }
  }
}
