package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.fault.CrashPoints;
import io.twinberg.log.IntentLog;
import io.twinberg.prune.Pruner;
import io.twinberg.status.CatalogStatuses;
import io.twinberg.status.CheckIntervals;
import io.twinberg.status.ReplicaReadings;
import io.twinberg.status.ReplicaStatuses;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every commit asks the database costs the same however much has gone before. */
class GrowthTest extends ReplicaContract {
  private static final int HISTORY = 10_000;
  private static final int RUNS = 40;

  /** More than is looked at in one step. */
  private static final int PAGE = 300;

  /** Reading the history takes many times longer; noise does not. */
  private static final int SLACK = 4;

  private static final Duration FLOOR = Duration.ofNanos(500_000);

  @Test
  void find_largeLedger_costsAsBefore() {
    List<String> paths = IntStream.range(0, 3).mapToObj(i -> "s3://lake/wanted" + i).toList();
    assertUnmovedBy(
        """
        insert into ledger (replica_id, path_hash, kind, source_path, target_path, length, state, token)
        select 'r1', concat('h', n), 'MANIFEST', concat('s3://lake/', n), concat('s3://replica/', n), 1, 'LIVE', 1
        from %s
        """,
        () -> ledger.find("r1", paths));
  }

  @Test
  void due_manyLoggedIntents_costsAsBefore() {
    IntentLog intents = new IntentLog(database, clock, "p1");
    CatalogStatuses statuses =
        new CatalogStatuses(
            database,
            clock,
            new ReplicaReadings(
                database,
                clock,
                new CheckIntervals(Duration.ofMinutes(1), Duration.ofMinutes(15)),
                Runnable::run));
    assertUnmovedBy(
        """
        insert into intent (source, reference, process_id, request_id, kind, state, body, opened_at, checks,
                            next_check_at)
        select '%s', '', 'p1', 'q', 'UPDATE_TABLE', 'LOGGED', %s, current_timestamp, 0, current_timestamp
        from %%s
        """
            .formatted(SOURCE, database.shared() ? "''::bytea" : "x''"),
        () -> {
          intents.due(SOURCE, 100);
          intents.adoptOrphans(SOURCE, Duration.ofSeconds(30));
          statuses.sources();
        });
  }

  @Test
  void waiting_manyCondemnedFiles_costsAsBefore() {
    assertUnmovedBy(
        """
        insert into condemned_file (replica_id, path_hash, path, state, condemned_at)
        select 'r1', concat('h', n), concat('s3://replica/', n), 'CONDEMNED', current_timestamp from %s
        """,
        () -> {
          replicas.waiting("me", 32);
          new CondemnedFiles(database, clock).condemnedUntil("r1", clock.instant(), 1);
        });
  }

  @Test
  void bytesLeft_manyReplicas_costsAsBefore() {
    ProgressRows progress = new ProgressRows(database);
    ReplicaProgress reached =
        new ReplicaProgress(
            5,
            clock.instant(),
            clock.instant(),
            0,
            1,
            1,
            OptionalLong.empty(),
            1,
            OptionalLong.of(4));
    progress.report("r1", claim(), reached);
    assertUnmovedBy(
        replicas(String.valueOf(orders.id())),
        () -> assertThat(progress.bytesLeft()).containsEntry(DESTINATION, 3L));
  }

  /** What a person asks for about one table, among many others that are replicated, too. */
  @Test
  void ofTable_manyReplicatedTables_costsAsBefore() {
    CheckIntervals intervals = new CheckIntervals(Duration.ofMinutes(1), Duration.ofMinutes(15));
    ReplicaStatuses statuses =
        new ReplicaStatuses(
            database,
            clock,
            intervals,
            new ReplicaReadings(database, clock, intervals, Runnable::run));
    execute(sourceTables().formatted(numbers(1, HISTORY)));
    assertUnmovedBy(
        replicas("1000000 + n"),
        () -> assertThat(statuses.ofTable(SOURCE, orders.name())).hasSize(1));
  }

  private static String replicas(String tableId) {
    return """
        insert into replica (id, table_id, source, destination, namespace, name, folder, lifecycle, paused, position,
                             generation, pointer_generation, attempts, next_attempt_at, needs_person, created_at)
        select concat('g', n), %s, '%s', concat('d', n), '["sales"]', 'orders', 'f', 'ACTIVE', false, 0,
               0, 0, 0, current_timestamp, false, current_timestamp
        from %%s
        """
        .formatted(tableId, SOURCE);
  }

  private static String sourceTables() {
    return """
        insert into source_table (id, source, reference, namespace, name, table_uuid, incarnation, lifecycle, location,
                                  discovered_at, check_after, unchanged_checks)
        select 1000000 + n, '%s', '', '["sales"]', concat('t', n), concat('u', n), 1, 'ACTIVE', 'l',
               current_timestamp, current_timestamp, 0
        from %%s
        """
        .formatted(SOURCE);
  }

  @Test
  void countAfter_longChain_costsAsBefore() {
    long position = append(1).position();
    assertUnmovedBy(
        """
        insert into table_version (source, position, table_id, metadata_location, location_hash, origin,
                                   last_sequence_number, last_updated_at, logged_at)
        select '%s', -n, %d, 'm', concat('h', n), 'PROXY', 1, current_timestamp, current_timestamp
        from %%s
        """
            .formatted(SOURCE, orders.id()),
        () -> versions.countAfter(orders.id(), position - 1));
  }

  @Test
  void latest_manyTables_costsAsBefore() {
    assertUnmovedBy(sourceTables(), () -> tables.latest(SOURCE, "", orders.name()));
  }

  @Test
  void prune_muchThatIsYoung_costsAsBefore() {
    append(1);
    for (String young : List.of(intents(), chain(), receipts(), gaps())) {
      insert(young, -PAGE, -1);
      assertUnmovedBy(young, this::prune);
    }
  }

  @Test
  void prune_oldGroupsWithVersions_costsAsBefore() {
    insert(
        """
        insert into version_group (source, members, logged_at)
        select '%s', 2, timestamp with time zone '2020-01-01 00:00:00+00' from %%s
        """
            .formatted(SOURCE),
        1,
        50);
    insert(
        """
        insert into table_version (source, position, table_id, metadata_location, location_hash, origin, group_id,
                                   last_sequence_number, last_updated_at, logged_at)
        select '%s', 1000000 + id, %d, 'm', concat('g', id), 'PROXY', id, 1, current_timestamp, current_timestamp
        from version_group cross join %%s
        """
            .formatted(SOURCE, orders.id()),
        1,
        1);
    insert(chain(), -PAGE, -1);
    assertUnmovedBy(chain(), this::prune);
  }

  /** A whole round over a log in which nothing is free. */
  private void prune() {
    Pruner pruner = new Pruner(SOURCE, database, Clock.systemUTC(), Duration.ofDays(30));
    while (pruner.step()) {
      // batch after batch
    }
  }

  private String intents() {
    return """
        insert into intent (source, reference, process_id, request_id, kind, state, body, opened_at, settled_at,
                            checks, next_check_at)
        select '%s', '', 'p1', 'q', 'UPDATE_TABLE', 'LOGGED', %s, current_timestamp, current_timestamp, 0,
               current_timestamp
        from %%s
        """
        .formatted(SOURCE, database.shared() ? "''::bytea" : "x''");
  }

  private String chain() {
    return """
        insert into table_version (source, position, table_id, metadata_location, location_hash, origin,
                                   last_sequence_number, last_updated_at, logged_at)
        select '%s', 1000 + n, %d, 'm', concat('h', n), 'PROXY', 1, current_timestamp, current_timestamp
        from %%s
        """
        .formatted(SOURCE, orders.id());
  }

  private String receipts() {
    return """
        insert into receipt (replica_id, generation, position, token, source_metadata_location, metadata_location,
                             files, bytes, committed_at, started_at, published_at)
        select 'r1', 1000 + n, 1, 1, 's', 't', 1, 1, current_timestamp, current_timestamp, current_timestamp
        from %s
        """;
  }

  private String gaps() {
    return """
        insert into gap (table_id, after_position, before_position, reason, recorded_at)
        select %d, n, n + 1, 'why', current_timestamp from %%s
        """
        .formatted(orders.id());
  }

  @Test
  void groupsDue_manyWereSplit_costsAsBefore() {
    GroupPublisher groups =
        new GroupPublisher(
            database, versions, publisher, told::add, LEASE, clock, CrashPoints.NONE);
    execute(
        """
        insert into version_group (source, members, logged_at) select '%s', 2, current_timestamp from %s
        """
            .formatted(SOURCE, numbers(1, HISTORY)));
    execute(
        """
        insert into version_group_member (group_id, table_id, position)
        select id, %d, id from version_group
        """
            .formatted(orders.id()));
    execute(
        """
        insert into staged_publication (replica_id, group_id, destination, generation, token, source, position,
            metadata_location, entries, files, bytes, started_at, staged_at)
        select 'r1', min(id), 'eu', 0, 1, '%s', 1, 'm', '[]', 1, 1, current_timestamp, current_timestamp
        from version_group
        """
            .formatted(SOURCE));
    execute("update replica set paused = true");
    assertUnmovedBy(
        """
        insert into destination_group (group_id, destination, since, split_at)
        select g.id, 'eu', current_timestamp, current_timestamp
        from version_group g cross join (select max(n) from %s) once
        """,
        () -> {
          groups.publishDue();
          replicas.waiting("worker", 10);
        });
  }

  private void execute(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  private void assertUnmovedBy(String history, Runnable asked) {
    fastest(asked);
    Duration before = fastest(asked);
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(history.formatted(numbers(1, HISTORY)));
              if (database.shared()) {
                // PostgreSQL does so by itself after a while.
                handle.execute("analyze");
              }
            });
    Duration allowed = (before.compareTo(FLOOR) < 0 ? FLOOR : before).multipliedBy(SLACK);
    // What else the machine has to do may slow down one reading: too many rows slow down all.
    await().untilAsserted(() -> assertThat(fastest(asked)).isLessThan(allowed));
  }

  private void insert(String rows, int first, int last) {
    database.jdbi().useHandle(handle -> handle.execute(rows.formatted(numbers(first, last))));
  }

  private String numbers(int first, int last) {
    return database.shared()
        ? "generate_series(" + first + ", " + last + ") as numbers(n)"
        : "system_range(" + first + ", " + last + ") as numbers(n)";
  }

  private static Duration fastest(Runnable asked) {
    long nanos = Long.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      long start = System.nanoTime();
      asked.run();
      nanos = Math.min(nanos, System.nanoTime() - start);
    }
    return Duration.ofNanos(nanos);
  }
}
