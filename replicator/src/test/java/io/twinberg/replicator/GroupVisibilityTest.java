package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever looks at a destination while transactions are replicated sees all members of each or
 * none. {@code -Dtransactions=} sets how many, {@code -Dseed=} the draws.
 */
class GroupVisibilityTest {
  private static final int TRANSACTIONS = Integer.getInteger("transactions", 12);

  @TempDir Path folder;

  @Test
  void oneReplicator_readerLooksAllTheTime_neverSeesAMixture() throws InterruptedException {
    try (GroupLake lake = new GroupLake(folder, 2, "eu")) {
      lake.begin();
      try (Replicator replicator = lake.start()) {
        assertNoMixture(lake, List.of(replicator));
      }
      lake.assertDone();
    }
  }

  @Test
  void twoReplicatorsOnPostgres_threeTablesAndTwoDestinations_neverAMixtureNorAFailure()
      throws InterruptedException {
    try (GroupLake lake = new GroupLake(folder, 3, "eu", "us")) {
      lake.lake.usePostgres();
      lake.begin();
      try (Replicator one = lake.start();
          Replicator two = lake.start()) {
        assertNoMixture(lake, List.of(one, two));
      }
      lake.assertDone();
    }
  }

  /** What comes after a transaction in one of its tables is not of its group. */
  @Test
  void secondTransactionBeforeTheLogHasTheFirst_eachIsAGroupOfItsOwn() {
    try (GroupLake lake = new GroupLake(folder, 2, "eu")) {
      lake.begin();
      Table orders = lake.table(0);
      Table items = lake.table(1);
      List<TableIdentifier> names = lake.tables.stream().map(GroupLake::name).toList();
      List<List<Long>> added = new ArrayList<>();
      for (String file : List.of("a", "b")) {
        lake.lake.append(orders, file);
        lake.lake.append(items, file);
        added.add(
            List.of(orders.currentSnapshot().snapshotId(), items.currentSnapshot().snapshotId()));
      }
      Intents intents = new Intents(lake.lake);
      added.forEach(snapshots -> intents.transaction(names, snapshots));
      try (Replicator replicator = lake.start()) {
        replicator.settled("main");
        lake.tables.forEach(lake::awaitCurrent);
      }
      assertThat(lake.lake.count("select count(*) from version_group")).isEqualTo(2);
      assertThat(lake.lake.count("select count(*) from version_group_member")).isEqualTo(4);
      assertThat(lake.lake.count("select count(*) from table_version where origin = 'PROXY'"))
          .isEqualTo(4);
      assertThat(lake.lake.count("select count(*) from receipt")).isEqualTo(6);
      lake.assertDone();
    }
  }

  private static void assertNoMixture(GroupLake lake, List<Replicator> replicators)
      throws InterruptedException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed=" + seed);
    Random random = new Random(seed);
    try (Reader reader = new Reader(lake)) {
      for (int i = 0; i < TRANSACTIONS; i++) {
        // Of different sizes, so that their lanes do not end at once.
        for (Table table : lake.tables) {
          String[] files = new String[1 + random.nextInt(12)];
          for (int file = 0; file < files.length; file++) {
            files[file] = "t" + i + "-" + file;
          }
          lake.lake.append(table, files);
        }
        lake.log(
            replicators.get(random.nextInt(replicators.size())), lake.tables.toArray(Table[]::new));
        replicators.forEach(replicator -> replicator.settled("main"));
      }
      lake.tables.forEach(lake::awaitCurrent);
      assertThat(reader.mixtures).as("seed " + seed).isEmpty();
      assertThat(reader.looks.get()).as("looks").isGreaterThan(TRANSACTIONS);
    }
    assertThat(lake.lake.count("select min(generation) from replica")).isEqualTo(TRANSACTIONS + 1);
    assertThat(lake.lake.count("select max(generation) from replica")).isEqualTo(TRANSACTIONS + 1);
    assertThat(lake.splits()).isZero();
  }

  /**
   * Looks at all replicas in one statement, again and again; each transaction is one generation.
   */
  private static final class Reader implements AutoCloseable {
    private final Queue<String> mixtures = new ConcurrentLinkedQueue<>();
    private final AtomicLong looks = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread thread;

    Reader(GroupLake lake) {
      thread = new Thread(() -> look(lake), "reader");
      thread.start();
    }

    private void look(GroupLake lake) {
      while (!ended.get()) {
        mixtures.addAll(
            lake.lake.strings(
                """
                select destination || ' shows generations ' || min(generation) || ' to ' || max(generation)
                from replica group by destination having min(generation) <> max(generation)
                """));
        looks.incrementAndGet();
      }
    }

    @Override
    public void close() throws InterruptedException {
      ended.set(true);
      thread.join();
    }
  }
}
