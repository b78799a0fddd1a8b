package io.twinberg.command;

import static io.twinberg.command.SourceTruth.eventually;
import static io.twinberg.testing.UpstreamFault.after;
import static io.twinberg.testing.UpstreamFault.before;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.testing.UpstreamFault;
import io.twinberg.testing.UpstreamFault.Reply;
import io.twinberg.testing.UpstreamRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Iceberg's own clients, two to a table, while one commit in five and some reads meet faults.
 * {@code -Dcommits=} sets how many commits, {@code -Dseed=} which faults.
 */
@Timeout(600)
class RandomUpstreamFaultsTest {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int COMMITS = Integer.getInteger("commits", 40);
  private static final List<TableIdentifier> TABLES =
      List.of(UpstreamWorld.id("orders"), UpstreamWorld.id("lines"));
  private static final int CLIENTS_OF_A_TABLE = 2;
  private static final String ID = "test.commit";

  /**
   * Not 503: when a client asks for the table after a 409 and is answered so, Iceberg 1.12.0
   * deletes the files of what it was refused, also where the 409 was the answer to its own success.
   */
  private static final UpstreamRule READS =
      UpstreamRule.of(
              before(Reply.STATUS_500),
              before(Reply.STATUS_502),
              before(Reply.STATUS_504),
              before(Reply.RESET),
              before(Reply.GARBAGE),
              before(Reply.HANG),
              after(Reply.UNREADABLE),
              after(Reply.TRUNCATED),
              after(Reply.SLOW))
          .on("GET", "/namespaces")
          .probability(0.05);

  private final Set<String> committed = ConcurrentHashMap.newKeySet();
  private final Set<String> failed = ConcurrentHashMap.newKeySet();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();

  @TempDir Path folder;

  @Test
  void commits_underAllFaults_chainLogAndReplicaHaveWhatClientsWereTold() throws Exception {
    System.out.println("seed=" + SEED);
    try (UpstreamWorld world = new UpstreamWorld(folder, SEED)) {
      TABLES.forEach(table -> world.create(table.name()));
      // Whoever is answered too late by a busy machine has met one fault more.
      world.forwardTimeout(Duration.ofSeconds(3)).start();
      world
          .upstream()
          .plan()
          .add(
              UpstreamRule.of(UpstreamFault.all())
                  .on("POST", "/tables/")
                  .probability(0.2)
                  .inARow(1, 2));
      world.upstream().plan().add(READS);
      commit(world);

      world.upstream().plan().heal();
      world.upstream().deliverHeld();
      System.out.printf(
          "seed=%d: %d committed, %d failed, %d unknown, faults %s%n",
          SEED, committed.size(), failed.size(), unknown.size(), world.upstream().plan().met());
      assertThat(world.upstream().plan().met()).as("faults").isNotEmpty();
      assertTold(world);
      TABLES.forEach(table -> new SourceTruth(world).assertCaptured(table));
      eventually(
          () ->
              assertThat(world.log().strings("select distinct state from intent"))
                  .isSubsetOf("LOGGED", "REJECTED", "UNKNOWN"));
    }
  }

  private void commit(UpstreamWorld world) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Future<?>> clients = new ArrayList<>();
    for (int i = 0; i < TABLES.size() * CLIENTS_OF_A_TABLE; i++) {
      int number = i;
      clients.add(threads.submit(() -> commit(world, number)));
    }
    for (Future<?> client : clients) {
      client.get();
    }
    threads.shutdown();
  }

  private void commit(UpstreamWorld world, int client) {
    Random random = new Random(SEED + client);
    RESTCatalog catalog = world.client();
    TableIdentifier name = TABLES.get(client % TABLES.size());
    for (int i = 0; i < COMMITS / (TABLES.size() * CLIENTS_OF_A_TABLE); i++) {
      append(load(catalog, name), client + "-" + i);
      if (random.nextInt(3) == 0) {
        world.upstream().deliverHeld();
      }
    }
  }

  private static Table load(RESTCatalog catalog, TableIdentifier name) {
    while (true) {
      try {
        return catalog.loadTable(name);
      } catch (RuntimeException e) {
        // A read that met a fault; the next one may not.
      }
    }
  }

  /** As an engine does, which deletes its files where Iceberg says that it may. */
  private void append(Table table, String id) {
    DataFile file = RawCommit.file(table);
    try {
      table.newAppend().set(ID, id).appendFile(file).commit();
      committed.add(id);
    } catch (RuntimeException e) {
      if (e instanceof CleanableFailure) {
        table.io().deleteFile(file.location());
        failed.add(id);
      } else {
        unknown.add(id);
      }
    }
  }

  private void assertTold(UpstreamWorld world) {
    List<String> landed = TABLES.stream().flatMap(table -> landed(world, table).stream()).toList();
    assertThat(landed).as("seed " + SEED).doesNotHaveDuplicates().containsAll(committed);
    assertThat(landed).as("seed " + SEED).noneMatch(failed::contains);
    Set<String> others =
        landed.stream().filter(id -> !committed.contains(id)).collect(Collectors.toSet());
    assertThat(unknown).as("seed " + SEED).containsAll(others);
  }

  private static List<String> landed(UpstreamWorld world, TableIdentifier name) {
    return StreamSupport.stream(world.catalog().loadTable(name).snapshots().spliterator(), false)
        .map(snapshot -> snapshot.summary().get(ID))
        .toList();
  }
}
