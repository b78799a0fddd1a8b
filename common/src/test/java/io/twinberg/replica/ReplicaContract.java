package io.twinberg.replica;

import io.twinberg.log.SourceTable;
import io.twinberg.log.TableVersion;
import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;

/** A suite about replicas: each test has a table and its replica {@code r1}. */
abstract class ReplicaContract extends DatabaseContract {
  static final Duration LEASE = Duration.ofMinutes(5);
  static final String DESTINATION = "eu";

  final List<Replica> told = new ArrayList<>();
  Replicas replicas;
  ReplicaFailures failures;
  Leases leases;
  Ledger ledger;
  Publisher publisher;
  SourceTable orders;
  Replica replica;

  @BeforeEach
  void createReplica() {
    replicas = new Replicas(database, clock);
    failures = new ReplicaFailures(database, clock);
    leases = new Leases(database);
    ledger = new Ledger(database);
    publisher = new Publisher(database, clock, told::add);
    orders = Samples.discover(tables, SOURCE, "orders");
    replica = replicas.create(wanted("r1", orders, Samples.name("orders")));
  }

  NewReplica wanted(String id, SourceTable table, TableIdentifier name) {
    return new NewReplica(
        id,
        table.id(),
        SOURCE,
        DESTINATION,
        name,
        "s3://replica/" + id,
        List.of(
            new PrefixMapping("s3://lake/z", "s3://replica/" + id + "/z"),
            new PrefixMapping("s3://lake/a", "s3://replica/" + id + "/a")));
  }

  TableVersion append(int number) {
    OptionalLong head = tables.find(orders.id()).orElseThrow().headPosition();
    long position = versions.append(Samples.append(orders, head, number));
    return versions.find(SOURCE, position).orElseThrow();
  }

  Replica read() {
    return replicas.find(replica.id()).orElseThrow();
  }

  Lease claim() {
    return leases.claim(Lease.ofReplica(replica.id()), "worker", LEASE).orElseThrow();
  }

  /** Lets a lease run out without waiting for it. */
  void expire(String resource) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update lease set expires_at = current_timestamp - interval '1' second where resource = ?",
                    resource));
  }

  Publication publication(
      Replica before, Lease lease, TableVersion version, LedgerEntry... entries) {
    return new Publication(
        before,
        lease,
        version,
        "s3://replica/r1/metadata/" + version.position() + ".json",
        List.of(entries),
        List.of(),
        3,
        4096,
        OptionalLong.empty(),
        clock.instant().minusSeconds(2));
  }

  static LedgerEntry manifest(String name, long length) {
    return new LedgerEntry(
        LedgerEntry.Kind.MANIFEST, "s3://lake/" + name, "s3://replica/r1/" + name, length);
  }
}
