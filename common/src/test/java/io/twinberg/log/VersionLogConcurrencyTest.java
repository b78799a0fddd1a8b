package io.twinberg.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class VersionLogConcurrencyTest extends DatabaseContract {
  private static final int WRITERS = 6;
  private static final int APPENDS = 25;

  private final ExecutorService pool = Executors.newFixedThreadPool(WRITERS + 1);

  @AfterEach
  void stopPool() throws InterruptedException {
    // Not shutdownNow: an interrupt in the middle of H2's file access closes the whole database.
    pool.shutdown();
    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void append_severalTablesOfOneSource_positionsAreDenseAndVisibleInOrder() throws Exception {
    AtomicBoolean writing = new AtomicBoolean(true);
    Future<List<List<Long>>> seen = pool.submit(() -> watch(writing));

    List<Future<Long>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      SourceTable table = Samples.discover(tables, SOURCE, "t" + i);
      writers.add(pool.submit(() -> appendMany(table)));
    }
    try {
      awaitAll(writers);
    } finally {
      writing.set(false);
    }

    List<Long> all = LongStream.rangeClosed(1, WRITERS * APPENDS).boxed().toList();
    assertThat(positions()).isEqualTo(all);
    // Whoever sees position n has seen all smaller ones.
    assertThat(seen.get())
        .hasSizeGreaterThan(1)
        .allSatisfy(view -> assertThat(view).isEqualTo(all.subList(0, view.size())));
    for (SourceTable table : tables.active(SOURCE)) {
      assertLinked(table);
    }
  }

  private Long appendMany(SourceTable table) {
    OptionalLong head = OptionalLong.empty();
    for (int number = 1; number <= APPENDS; number++) {
      head = OptionalLong.of(versions.append(Samples.append(table, head, number)));
    }
    return head.getAsLong();
  }

  private List<List<Long>> watch(AtomicBoolean writing) {
    List<List<Long>> views = new ArrayList<>();
    do {
      views.add(positions());
    } while (writing.get());
    return views;
  }

  private List<Long> positions() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .select(
                        "select position from table_version where source = ? order by 1", SOURCE)
                    .mapTo(Long.class)
                    .list());
  }

  private void assertLinked(SourceTable table) {
    OptionalLong before = OptionalLong.empty();
    List<TableVersion> chain = versions.after(table.id(), 0, APPENDS + 1);
    assertThat(chain).hasSize(APPENDS);
    for (TableVersion version : chain) {
      assertThat(version.predecessor()).isEqualTo(before);
      before = OptionalLong.of(version.position());
    }
    assertThat(table.headPosition()).isEqualTo(before);
  }

  @Test
  void append_sameHeadFromManyThreads_oneWins() throws Exception {
    SourceTable table = Samples.discover(tables, SOURCE, "orders");
    AtomicInteger won = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();

    List<Future<Long>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      writers.add(pool.submit(() -> tryAppend(table, number, won, refused)));
    }
    awaitAll(writers);

    assertThat(won).hasValue(1);
    assertThat(refused).hasValue(WRITERS - 1);
    assertThat(positions()).containsExactly(1L);
  }

  private Long tryAppend(SourceTable table, int number, AtomicInteger won, AtomicInteger refused) {
    try {
      versions.append(Samples.append(table, OptionalLong.empty(), number));
      return (long) won.incrementAndGet();
    } catch (HeadMovedException e) {
      return (long) refused.incrementAndGet();
    }
  }

  @Test
  void register_sameSourceFromManyThreads_makesOneRow() throws Exception {
    Callable<Long> register =
        () -> {
          new Sources(database).register("new");
          return 0L;
        };
    List<Future<Long>> callers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      callers.add(pool.submit(register));
    }
    awaitAll(callers);

    assertThat(one("select count(*) from source where name = 'new'", Long.class)).isEqualTo(1);
  }

  @Test
  void discover_sameTableFromManyThreads_makesOneRow() throws Exception {
    List<Future<Long>> callers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      callers.add(
          pool.submit(
              () ->
                  tables
                      .discover(SOURCE, "", Samples.name("orders"), "uuid-1", "s3://lake/o", false)
                      .id()));
    }
    awaitAll(callers);

    assertThat(rows("source_table")).isEqualTo(1);
  }

  private static void awaitAll(List<Future<Long>> futures)
      throws InterruptedException, ExecutionException {
    for (Future<Long> future : futures) {
      future.get();
    }
  }
}
