package io.twinberg.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.twinberg.config.DataSize;
import io.twinberg.log.EntryKind;
import io.twinberg.log.Sources;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.OperationState;
import io.twinberg.operation.RowScope;
import io.twinberg.replica.Ledger;
import io.twinberg.replica.LedgerEntry;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replica.Replicas;
import io.twinberg.testing.DatabaseKind;
import io.twinberg.testing.OnEveryDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** What an earlier version wrote is right under this one; a later one's is left alone. */
@OnEveryDatabase
class UpgradeTest {
  private static final String AT = "timestamp with time zone '2026-01-02 03:04:05+00'";

  @Parameter private DatabaseKind kind;
  @TempDir private Path folder;
  private EarlierDatabase earlier;

  @BeforeEach
  void create() {
    earlier = new EarlierDatabase(kind, folder);
  }

  /** Two versions of one table that were found together, of which the second one is published. */
  private void writeRows() {
    earlier.execute(
        "insert into source (name, last_position) values ('prod', 2)",
        """
        insert into source_table (id, source, reference, namespace, name, table_uuid, incarnation, lifecycle,
          location, head_position, discovered_at, checked_at, check_after, unchanged_checks)
        values (7, 'prod', '', '["sales","eu"]', 'orders', 'u-1', 0, 'ACTIVE', 's3://lake/orders', 2, %1$s, %1$s, %1$s, 3)
        """
            .formatted(AT),
        "insert into version_group (id, source, intent_id, members, logged_at) values (5, 'prod', 1, 2, %s)"
            .formatted(AT),
        version(1, "null"),
        version(2, "1"),
        """
        insert into replica (id, table_id, source, destination, namespace, name, folder, lifecycle, paused, position,
          generation, metadata_location, receipt_id, pointer_generation, attempts, next_attempt_at, needs_person, created_at)
        values ('r1', 7, 'prod', 'eu', '["sales","eu"]', 'orders', 's3://eu/orders-r1', 'ACTIVE', false, 2,
          1, 's3://eu/orders-r1/metadata/1.json', 1, 1, 0, %1$s, false, %1$s)
        """
            .formatted(AT),
        """
        insert into receipt (id, replica_id, generation, position, token, source_metadata_location, metadata_location,
          files, bytes, committed_at, started_at, published_at)
        values (1, 'r1', 1, 2, 3, 's3://lake/orders/2.json', 's3://eu/orders-r1/metadata/1.json', 4, 5, %1$s, %1$s, %1$s)
        """
            .formatted(AT),
        """
        insert into ledger (replica_id, path_hash, kind, source_path, target_path, length, state, token)
        values ('r1', '%s', 'MANIFEST', 's3://lake/m', 's3://eu/m', 42, 'LIVE', 3)
        """
            .formatted(PathHash.of("s3://lake/m")),
        """
        insert into operation (id, kind, state, target, requested_by, requested_at, options, token, attempts)
        values ('o1', 'VERIFY', 'REQUESTED', '{"destination":"eu"}', 'ops', %s, '{"rows":"current"}', 0, 0)
        """
            .formatted(AT),
        "insert into lease (resource, owner, token, expires_at) values ('replica/r1', 'somebody', 9, %s)"
            .formatted(AT));
  }

  private static String version(int position, String predecessor) {
    return """
        insert into table_version (source, position, table_id, predecessor, metadata_location, location_hash, origin,
          intent_id, group_id, last_sequence_number, last_updated_at, snapshot_id, logged_at)
        values ('prod', %1$d, 7, %2$s, 's3://lake/orders/%1$d.json', '%3$s', 'PROXY', 1, 5, %1$d, %4$s, 10%1$d, %4$s)
        """
        .formatted(
            position, predecessor, PathHash.of("s3://lake/orders/" + position + ".json"), AT);
  }

  @Test
  void earlierVersion_opened_hasItsRowsAsThisVersionReadsThem() {
    earlier.migrateTo("007");
    writeRows();

    try (Database database = earlier.open()) {
      assertLogIsRight(database);
      assertReplicaIsRight(database, ReplicaSettings.NONE);
      assertOperationIsRight(database);
      assertCountsBegin(database);
    }
  }

  /** Its members were whatever was found together; now they are the last of each table. */
  private static void assertLogIsRight(Database database) {
    VersionLog versions = new VersionLog(database, Clock.systemUTC());
    assertThat(versions.after(7, 0, 10))
        .extracting(TableVersion::position, TableVersion::group)
        .containsExactly(tuple(1L, OptionalLong.empty()), tuple(2L, OptionalLong.of(5)));
    assertThat(versions.positionOf(7, "s3://lake/orders/2.json")).hasValue(2);
    assertThat(number(database, "select count(*) from version_group_member")).isEqualTo(1);
    assertThat(
            number(
                database,
                "select position from version_group_member where group_id = 5 and table_id = 7"))
        .isEqualTo(2);
  }

  private static void assertReplicaIsRight(Database database, ReplicaSettings settings) {
    TableIdentifier name = TableIdentifier.of("sales", "eu", "orders");
    Replica replica = new Replicas(database, Clock.systemUTC()).byName("eu", name).orElseThrow();
    assertThat(replica.id()).isEqualTo("r1");
    assertThat(replica.kind()).isEqualTo(EntryKind.TABLE);
    assertThat(replica.lifecycle()).isEqualTo(ReplicaLifecycle.ACTIVE);
    assertThat(replica.position()).isEqualTo(2);
    assertThat(replica.metadataLocation()).contains("s3://eu/orders-r1/metadata/1.json");
    assertThat(replica.historyThrough()).isEmpty();
    assertThat(replica.settings()).isEqualTo(settings);
    assertThat(number(database, "select applied_micros from replica"))
        .as("as its receipt says")
        .isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2026-01-02T03:04:05Z")));
    assertThat(new Ledger(database).find("r1", List.of("s3://lake/m")).values())
        .extracting(LedgerEntry::length)
        .containsExactly(42L);
  }

  private static void assertOperationIsRight(Database database) {
    assertThat(new OperationLog(database, Clock.systemUTC()).find("o1"))
        .hasValueSatisfying(
            operation -> {
              assertThat(operation.state()).isEqualTo(OperationState.REQUESTED);
              assertThat(((OperationRequest.Verify) operation.request()).rows())
                  .isEqualTo(RowScope.CURRENT);
            });
  }

  private static void assertCountsBegin(Database database) {
    Sources sources = new Sources(database);
    assertThat(sources.sweepAsked("prod")).isEmpty();
    assertThat(sources.listingAsked("prod")).isEmpty();
    sources.askSweep("prod");
    assertThat(sources.sweepAsked("prod")).hasValue(1);
    assertThat(number(database, "select bypass_versions from source")).isZero();
  }

  private static long number(Database database, String sql) {
    return database.jdbi().withHandle(handle -> handle.select(sql).mapTo(Long.class).one());
  }

  /** What later versions have added to it and what they left out of it, between two of them. */
  @Test
  void versionBeforeThis_opened_hasSettingsAndDropsThatItKnew() {
    earlier.migrateTo("020");
    writeRows();
    earlier.execute(
        "insert into version_group_member (group_id, table_id, position) values (5, 7, 2)",
        "update table_version set group_id = null where position = 1",
        "update replica set priority = 9, bandwidth_limit = 1024",
        """
        insert into dropped_replica (replica_id, operation_id, source, destination, namespace, name, folder, dropped_at, removed)
        values ('r0', 'o0', 'prod', 'eu', '["a"]', 'b', 's3://eu/b-r0', %s, 12)
        """
            .formatted(AT));

    try (Database database = earlier.open()) {
      assertLogIsRight(database);
      assertReplicaIsRight(
          database,
          new ReplicaSettings(
              Optional.empty(), ReplicaSettings.NONE.refs(), 9, Optional.of(new DataSize(1024))));
      assertOperationIsRight(database);
      assertCountsBegin(database);
      assertThat(number(database, "select removed from dropped_replica where replica_id = 'r0'"))
          .isEqualTo(12);
    }
  }

  @Test
  void laterVersion_opened_isRefusedWithTheWayOutAndLeftAsItWas() throws Exception {
    earlier.open().close();
    writeRows();
    Path migrations = Files.createDirectory(folder.resolve("later"));
    Files.writeString(
        migrations.resolve("V998__later.sql"), "alter table replica add column shape varchar(9)");
    Files.writeString(
        migrations.resolve("V999__much_later.sql"), "update replica set shape = 'round'");
    earlier.migrateBeyond(migrations);

    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> earlier.open())
        .withMessageStartingWith("cannot open the database jdbc:")
        .withMessageMatching(
            "(?s).*: a later version of Twinberg has used it: its schema is 999, and this Twinberg"
                + " knows those up to \\d{3}; start the later version, or put back the backup from"
                + " before the upgrade \\(docs/OPERATIONS\\.md, \"Upgrade\"\\)");

    assertThat(
            earlier.rows("select version from flyway_schema_history order by installed_rank desc"))
        .first()
        .satisfies(row -> assertThat(row).containsEntry("version", "999"));
    assertThat(earlier.rows("select owner, shape from lease, replica"))
        .containsExactly(Map.of("owner", "somebody", "shape", "round"));
  }
}
