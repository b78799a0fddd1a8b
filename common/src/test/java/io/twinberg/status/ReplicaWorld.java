package io.twinberg.status;

import io.twinberg.database.Database;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.Append;
import io.twinberg.log.EntryKind;
import io.twinberg.log.IntentKind;
import io.twinberg.log.IntentLog;
import io.twinberg.log.NewIntent;
import io.twinberg.log.NewVersion;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.Sources;
import io.twinberg.log.TableCheck;
import io.twinberg.log.TableChecks;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.log.VersionOrigin;
import io.twinberg.replica.GroupPublisher;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import io.twinberg.replica.NewReplica;
import io.twinberg.replica.Publication;
import io.twinberg.replica.Publisher;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.replica.ReplicaFailures;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.testing.SteppedClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Rows of sources, tables, versions and replicas, made by the classes that make them in production.
 */
public final class ReplicaWorld {
  /** How long members of a group wait for each other. */
  public static final Duration GROUP_HOLD = Duration.ofMinutes(15);

  private static final Duration LEASE = Duration.ofMinutes(1);

  private final SteppedClock clock;
  private final Sources sources;
  private final SourceTables tables;
  private final TableChecks checks;
  private final VersionLog log;
  private final IntentLog intents;
  private final Replicas replicas;
  private final ReplicaFailures failures;
  private final Leases leases;
  private final Publisher publisher;
  private final GroupPublisher groups;
  private final AtomicLong serial = new AtomicLong();

  /** A world in one database. */
  public ReplicaWorld(Database database, SteppedClock clock, ReplicaListener publishListener) {
    this.clock = clock;
    this.sources = new Sources(database);
    this.tables = new SourceTables(database, clock);
    checks = new TableChecks(database, clock);
    this.log = new VersionLog(database, clock);
    this.intents = new IntentLog(database, clock, "world");
    this.replicas = new Replicas(database, clock);
    this.failures = new ReplicaFailures(database, clock);
    this.leases = new Leases(database);
    this.publisher = new Publisher(database, clock, publishListener);
    this.groups =
        new GroupPublisher(
            database, log, publisher, publishListener, GROUP_HOLD, clock, CrashPoints.NONE);
  }

  /** The replicas' rows. */
  public Replicas replicas() {
    return replicas;
  }

  /** The tables' rows. */
  public SourceTables tables() {
    return tables;
  }

  /** When the tables were checked. */
  public TableChecks checks() {
    return checks;
  }

  /** Discovers a table. */
  public SourceTable table(String source, TableIdentifier name) {
    sources.register(source);
    String uuid = UUID.randomUUID().toString();
    return tables.discover(source, "", name, uuid, "s3://lake/" + name, false);
  }

  /** Discovers a view. */
  public SourceTable view(String source, TableIdentifier name) {
    sources.register(source);
    String uuid = UUID.randomUUID().toString();
    return tables.discover(EntryKind.VIEW, source, "", name, uuid, "s3://lake/" + name, false);
  }

  /** The groups of versions at destinations. */
  public GroupPublisher groups() {
    return groups;
  }

  /** Logs a transaction that the source makes now; the versions in the order of the tables. */
  public List<TableVersion> commitTogether(SourceTable... members) {
    List<Append> appends =
        Stream.of(members).map(table -> next(table, VersionOrigin.PROXY)).toList();
    log.appendGroup(appends, OptionalLong.empty());
    return Stream.of(members)
        .map(table -> tables.find(table.id()).orElseThrow())
        .map(table -> log.find(table.source(), table.headPosition().orElseThrow()).orElseThrow())
        .toList();
  }

  /** Logs a commit that the source makes now. */
  public TableVersion commit(SourceTable table) {
    long position = log.append(next(table, VersionOrigin.PROXY));
    return log.find(table.source(), position).orElseThrow();
  }

  /** Logs a commit that the source makes now, past the proxy. */
  public void bypass(SourceTable table) {
    log.append(next(table, VersionOrigin.BYPASS));
  }

  private Append next(SourceTable table, VersionOrigin origin) {
    long number = serial.incrementAndGet();
    NewVersion version =
        new NewVersion(
            "s3://lake/" + table.name() + "/metadata/" + number + ".metadata.json",
            origin,
            OptionalLong.empty(),
            number,
            clock.instant(),
            OptionalLong.of(Long.MAX_VALUE - number),
            Optional.empty());
    OptionalLong head = tables.find(table.id()).orElseThrow().headPosition();
    return new Append(table, head, List.of(version), Optional.empty());
  }

  /** Records a successful check that found nothing. */
  public void checked(SourceTable table) {
    checks.checked(
        List.of(new TableCheck(table.id(), 0, clock.instant(), false, Duration.ofMinutes(1))));
  }

  /** Makes a replica under the table's own name. */
  public Replica replica(SourceTable table, String destination) {
    String id = "r" + serial.incrementAndGet();
    String folder = "file:///replica/" + destination + "/" + id;
    return replicas.create(
        new NewReplica(
            id,
            table.kind(),
            table.id(),
            table.source(),
            destination,
            table.name(),
            folder,
            List.of()));
  }

  /** Claims a replica's lease. */
  public Lease claim(Replica replica) {
    return leases.claim(Lease.ofReplica(replica.id()), "world", LEASE).orElseThrow();
  }

  /** Gives a lease back. */
  public void release(Lease lease) {
    leases.release(lease);
  }

  /** Publishes a version. */
  public Replica publish(Replica replica, TableVersion version, String metadataLocation) {
    Lease lease = claim(replica);
    Replica published = publisher.publish(publication(replica, lease, version, metadataLocation));
    leases.release(lease);
    return published;
  }

  /** Publishes the heads of a version's refs, the history of which is still on its way. */
  public Replica publishHeads(Replica replica, TableVersion version, String metadataLocation) {
    Lease lease = claim(replica);
    Replica published =
        publisher.publish(
            publication(replica, lease, version, metadataLocation, OptionalLong.of(1)));
    leases.release(lease);
    return published;
  }

  /** Publishes a version again, now with its whole history. */
  public Replica publishHistory(Replica heads, TableVersion version, String metadataLocation) {
    Lease lease = claim(heads);
    Replica published = publisher.republish(publication(heads, lease, version, metadataLocation));
    leases.release(lease);
    return published;
  }

  /** Publishes a version of a group, or lets it wait. */
  public Optional<Replica> publishOfGroup(
      Replica replica, TableVersion version, String metadataLocation) {
    Lease lease = claim(replica);
    Optional<Replica> published =
        groups.publish(publication(replica, lease, version, metadataLocation));
    leases.release(lease);
    return published;
  }

  private Publication publication(
      Replica replica, Lease lease, TableVersion version, String metadataLocation) {
    return publication(replica, lease, version, metadataLocation, OptionalLong.empty());
  }

  private Publication publication(
      Replica replica,
      Lease lease,
      TableVersion version,
      String metadataLocation,
      OptionalLong historyThrough) {
    return new Publication(
        replicas.find(replica.id()).orElseThrow(),
        lease,
        version,
        metadataLocation,
        List.of(),
        List.of(),
        1,
        1,
        historyThrough,
        clock.instant());
  }

  /** Records a failed attempt that is tried again in a minute unless a person is needed. */
  public void fail(Replica replica, String code, boolean needsPerson) {
    Lease lease = claim(replica);
    failures.record(
        replica.id(),
        lease,
        new ReplicaFailure(
            code, "it broke", Optional.of("s3://lake/f"), clock.instant(), needsPerson),
        clock.instant().plus(Duration.ofMinutes(1)));
    leases.release(lease);
  }

  /** Records another failed attempt, after which the replica is given up. */
  public void giveUp(Replica replica, String code) {
    fail(replica, code, true);
    Lease lease = claim(replica);
    long head = tables.find(replica.tableId()).orElseThrow().headPosition().orElseThrow();
    failures.giveUp(replica.id(), lease, 1, head);
    leases.release(lease);
  }

  /** Opens an intent. */
  public void intent(SourceTable table) {
    long id =
        intents.open(
            new NewIntent(
                table.source(),
                "",
                IntentKind.UPDATE_TABLE,
                List.of(table.name()),
                "{}".getBytes(StandardCharsets.UTF_8),
                "request",
                Optional.empty()));
    assert id > 0;
  }
}
