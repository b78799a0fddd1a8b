package io.twinberg.prune;

import io.twinberg.log.Append;
import io.twinberg.log.IntentKind;
import io.twinberg.log.IntentLog;
import io.twinberg.log.NewIntent;
import io.twinberg.log.Outcome;
import io.twinberg.log.SourceTable;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import io.twinberg.replica.NewReplica;
import io.twinberg.replica.Publication;
import io.twinberg.replica.Publisher;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** A log with a table, and steps of its life. */
abstract class PrunedWorld extends DatabaseContract {
  static final Duration RETENTION = Duration.ofDays(30);

  /** Longer than the retention. */
  static final Duration LONG = Duration.ofDays(31);

  Replicas replicas;
  Publisher publisher;
  IntentLog intents;
  SourceTable orders;
  private int versionsOfAll;

  @BeforeEach
  void createTable() {
    replicas = new Replicas(database, clock);
    publisher = new Publisher(database, clock, ReplicaListener.NONE);
    intents = new IntentLog(database, clock, "p1");
    orders = Samples.discover(tables, SOURCE, "orders");
  }

  /** A whole round. */
  void prune() {
    Pruner pruner = new Pruner(SOURCE, database, clock, RETENTION);
    while (pruner.step()) {
      // batch after batch
    }
  }

  /** Appends versions and returns their positions. */
  List<Long> append(int count) {
    return IntStream.range(0, count).mapToObj(i -> append(Optional.empty())).toList();
  }

  long append(Optional<String> gap) {
    int number = ++versionsOfAll;
    OptionalLong head = tables.find(orders.id()).orElseThrow().headPosition();
    return versions.append(new Append(orders, head, List.of(Samples.version(orders, number)), gap));
  }

  long appendGroup(SourceTable other) {
    int number = ++versionsOfAll;
    return versions.appendGroup(
        List.of(
            Samples.append(orders, tables.find(orders.id()).orElseThrow().headPosition(), number),
            Samples.append(other, tables.find(other.id()).orElseThrow().headPosition(), number)),
        OptionalLong.empty());
  }

  Replica replica(String id) {
    return replicas.create(
        new NewReplica(
            id, orders.id(), SOURCE, "at-" + id, orders.name(), "s3://replica/" + id, List.of()));
  }

  Replica publish(String id, long position) {
    Leases leases = new Leases(database);
    Lease lease = leases.claim(Lease.ofReplica(id), "worker", Duration.ofMinutes(1)).orElseThrow();
    Replica published =
        publisher.publish(
            new Publication(
                replicas.find(id).orElseThrow(),
                lease,
                versions.find(SOURCE, position).orElseThrow(),
                "s3://replica/" + id + "/metadata/" + position + ".json",
                List.of(),
                List.of(),
                1,
                100,
                OptionalLong.empty(),
                clock.instant()));
    leases.release(lease);
    return published;
  }

  long open() {
    return intents.open(
        new NewIntent(
            SOURCE,
            "",
            IntentKind.UPDATE_TABLE,
            List.of(orders.name()),
            new byte[] {1},
            "r",
            Optional.empty()));
  }

  long settled(Outcome outcome) {
    long id = open();
    intents.settle(id, outcome);
    return id;
  }

  /** The numbers of a column, in order. */
  List<Long> numbers(String column, String table) {
    String sql = "select %s from %s order by 1".formatted(column, table);
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).list());
  }
}
