package io.twinberg.proxy.expiry;

import io.twinberg.database.Database;
import io.twinberg.log.Append;
import io.twinberg.log.KeptJson;
import io.twinberg.log.NewVersion;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.TableChecks;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.log.VersionOrigin;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import io.twinberg.replica.NewReplica;
import io.twinberg.replica.Publication;
import io.twinberg.replica.Publisher;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import io.twinberg.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * What reconciler and lanes have written about the tables of source {@code prod}. A snapshot's
 * sequence number is its id.
 */
final class LoggedTables {
  private final SourceTables tables;
  private final TableChecks checks;
  private final VersionLog versions;
  private final Replicas replicas;
  private final Leases leases;
  private final Publisher publisher;
  private final Database database;
  private final Clock clock;
  private final Map<String, byte[]> files = new HashMap<>();

  LoggedTables(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
    this.tables = new SourceTables(database, clock);
    this.checks = new TableChecks(database, clock);
    this.versions = new VersionLog(database, clock);
    this.replicas = new Replicas(database, clock);
    this.leases = new Leases(database);
    this.publisher = new Publisher(database, clock, replica -> {});
  }

  UnappliedSnapshots unapplied() {
    return new UnappliedSnapshots("prod", tables, checks, versions, replicas, this::published);
  }

  private byte[] published(Replica replica) {
    return Optional.ofNullable(files.get(replica.metadataLocation().orElseThrow()))
        .orElseThrow(() -> new IllegalStateException("the destination is down"));
  }

  SourceTable table(TableIdentifier name) {
    return Samples.discover(tables, "prod", name);
  }

  SourceTable find(SourceTable table) {
    return tables.find(table.id()).orElseThrow();
  }

  SourceTables tables() {
    return tables;
  }

  TableChecks checks() {
    return checks;
  }

  /** Logs a version with these snapshots. */
  void commit(SourceTable table, long... snapshots) {
    log(table, Optional.of(KeptJson.of(metadata(snapshots))));
  }

  /** Logs a version whose metadata the log does not keep. */
  void commitTooLarge(SourceTable table) {
    log(table, Optional.empty());
  }

  private void log(SourceTable table, Optional<KeptJson> metadata) {
    OptionalLong head = find(table).headPosition();
    NewVersion version =
        new NewVersion(
            "s3://lake/" + table.uuid() + "/" + head.orElse(0) + ".metadata.json",
            VersionOrigin.PROXY,
            OptionalLong.empty(),
            1,
            clock.instant(),
            OptionalLong.empty(),
            metadata);
    versions.append(new Append(table, head, List.of(version), Optional.empty()));
  }

  private static byte[] metadata(long... snapshots) {
    String listed =
        LongStream.of(snapshots)
            .mapToObj(
                id ->
                    "{\"sequence-number\":%d,\"summary\":{\"snapshot-id\":\"99\"},\"snapshot-id\":%d}"
                        .formatted(id, id))
            .collect(Collectors.joining(","));
    return "{\"refs\":{},\"snapshots\":[%s],\"x\":[1]}"
        .formatted(listed)
        .getBytes(StandardCharsets.UTF_8);
  }

  Replica replica(SourceTable table, String destination) {
    String id = "r" + table.id() + destination;
    return replicas.create(
        new NewReplica(id, table.id(), "prod", destination, table.name(), "s3://" + id, List.of()));
  }

  /** The replica publishes the table's newest version; what it shows cannot be read. */
  void apply(SourceTable table, Replica replica) {
    publish(table, replica, OptionalLong.empty());
  }

  /** The same, with readable metadata and perhaps with history on its way. */
  void apply(SourceTable table, Replica replica, OptionalLong through, long... snapshots) {
    String location = publish(table, replica, through);
    files.put(location, metadata(snapshots));
  }

  private String publish(SourceTable table, Replica replica, OptionalLong through) {
    Replica now = replicas.find(replica.id()).orElseThrow();
    long head = find(table).headPosition().orElseThrow();
    TableVersion version = versions.find("prod", head).orElseThrow();
    Lease lease =
        leases.claim(Lease.ofReplica(replica.id()), "worker", Duration.ofMinutes(5)).orElseThrow();
    String location = replica.folder() + "/" + head + ".metadata.json";
    publisher.publish(
        new Publication(
            now, lease, version, location, List.of(), List.of(), 0, 0, through, clock.instant()));
    leases.release(lease);
    return location;
  }

  /** Changes a replica's row, as what is done seldom is done. */
  void set(Replica replica, String assignments) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update replica set " + assignments + " where id = ?", replica.id()));
  }
}
