package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreException.Kind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;

/** A lake of several tables that transactions change together; nobody looks at them unasked. */
final class GroupLake implements AutoCloseable {
  /** Tables whose replicas cannot be written, and those that no rule covers. */
  final Set<Table> broken = ConcurrentHashMap.newKeySet();

  final Set<TableIdentifier> unruled = ConcurrentHashMap.newKeySet();
  final TestingLake lake;
  final HookedStore destination;
  final List<Table> tables = new ArrayList<>();
  private final List<String> destinations;
  private Clock clock = Clock.systemUTC();
  private int commits;

  GroupLake(Path folder, int tables, String... destinations) {
    this.lake = new TestingLake(folder);
    this.destinations = List.of(destinations);
    this.destination = new HookedStore(lake.store());
    destination.hook(this::failForBroken);
    lake.stores(lake.store(), destination);
    lake.destinations(destinations);
    lake.targets((source, table) -> unruled.contains(table) ? List.of() : targets(table));
    lake.sweepInterval(Duration.ofHours(1));
    for (int i = 0; i < tables; i++) {
      this.tables.add(lake.create(TableIdentifier.of("sales", "t" + i), "2", Map.of()));
      lake.append(table(i), "first");
    }
  }

  void clock(Clock clock) {
    this.clock = clock;
    lake.clock(clock);
  }

  private List<Target> targets(TableIdentifier table) {
    return destinations.stream()
        .map(name -> new Target(name, lake.root() + "/" + name, table))
        .toList();
  }

  /** What a hook of a test has to call, too. */
  void failForBroken(HookedStore.Call call) {
    boolean fails =
        broken.stream().anyMatch(table -> call.location().contains("/" + name(table).name() + "-"));
    if (fails && call.kind().equals("PUT")) {
      throw new StoreException(Kind.DENIED, call.location(), "a test says so");
    }
  }

  Table table(int number) {
    return tables.get(number);
  }

  static TableIdentifier name(Table table) {
    return TestingLake.name(table);
  }

  Replicator start() {
    return lake.replicator(CrashPoints.NONE);
  }

  /** Replicates the first version of every table. */
  void begin() {
    try (Replicator replicator = start()) {
      replicator.demand("main");
      tables.forEach(this::awaitCurrent);
    }
  }

  /** Appends to tables as one transaction would, and waits until the log has it. */
  void transact(Replicator replicator, Table... members) {
    int commit = ++commits;
    for (Table table : members) {
      lake.append(table, "c" + commit);
    }
    log(replicator, members);
  }

  /** Logs what was committed to tables as one transaction. */
  void log(Replicator replicator, Table... members) {
    Intents intents = new Intents(lake, clock);
    long intent = intents.transaction(List.of(members).stream().map(GroupLake::name).toList());
    replicator.settled("main");
    intents.awaitState(intent, "LOGGED");
  }

  void awaitCurrent(Table table) {
    destinations.forEach(name -> TestingLake.await(() -> shows(name, table)));
  }

  boolean shows(String destination, Table table) {
    String current =
        TestingLake.current(lake.catalog().loadTable(name(table))).metadataFileLocation();
    return lake.strings(
            """
            select c.source_metadata_location from replica r join receipt c on c.id = r.receipt_id
            where r.destination = '%s' and r.name = '%s' and r.pointer_generation = r.generation
            """
                .formatted(destination, name(table).name()))
        .contains(current);
  }

  Replica replica(Table table) {
    return lake.replicas().byName(destinations.get(0), name(table)).orElseThrow();
  }

  void awaitStaged(int count) {
    TestingLake.await(() -> staged() == count);
  }

  long staged() {
    return lake.count("select count(*) from staged_publication");
  }

  long splits() {
    return lake.count("select count(*) from destination_group where split_at is not null");
  }

  /** Nothing waits, nothing has failed, and all replicas are whole and as their tables are. */
  void assertDone() {
    assertThat(staged()).isZero();
    assertThat(lake.count("select count(*) from destination_group where split_at is null"))
        .as("groups that are still open")
        .isZero();
    assertThat(lake.count("select count(*) from ledger where state <> 'LIVE'")).isZero();
    ReplicaChecks.assertAudited(lake);
    assertThat(lake.strings("select error_message from replica where error_code is not null"))
        .isEmpty();
    for (Table table : tables) {
      Set<String> uuids = new HashSet<>();
      for (String name : destinations) {
        Replica replica = lake.replicas().byName(name, name(table)).orElseThrow();
        ReplicaChecks.assertEqual(lake, table, lake.published(replica));
        uuids.add(lake.published(replica).uuid());
      }
      assertThat(uuids).hasSize(1);
    }
  }

  @Override
  public void close() {
    lake.close();
  }
}
