package io.twinberg.replica;

import static io.twinberg.testing.Samples.COMMITTED_AT;
import static io.twinberg.testing.Samples.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.log.EntryKind;
import io.twinberg.log.SourceTable;
import io.twinberg.log.Sources;
import io.twinberg.log.TableLifecycle;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionOrigin;
import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Samples;
import java.util.List;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdoptionTest extends DatabaseContract {
  private static final String LOST = "lost";
  private static final List<PrefixMapping> MAPPING =
      List.of(
          new PrefixMapping("s3://lake", "s3://eu/lake"), new PrefixMapping("s3://a", "s3://b"));

  private Adoption adoption;
  private Replicas replicas;

  @BeforeEach
  void create() {
    adoption = new Adoption(database, clock);
    replicas = new Replicas(database, clock);
  }

  private static Adoption.Found found(String id, String destination, String uuid, long position) {
    return new Adoption.Found(
        new Adoption.NewReplicaWithPointer(
            id,
            LOST,
            destination,
            name("mapped"),
            "s3://eu/" + id,
            MAPPING,
            9,
            position,
            "s3://eu/" + id + "/9.json"),
        name("orders"),
        uuid,
        "s3://lake/orders",
        "s3://lake/orders/metadata/" + position + ".json",
        33,
        OptionalLong.of(77),
        COMMITTED_AT);
  }

  private SourceTable table() {
    return tables.active(LOST, "", name("orders")).orElseThrow();
  }

  @Test
  void adopt_unknownReplica_isServedWithItsTableAndVersion() {
    assertThat(adoption.adopt(found("r1", "eu", "u1", 40))).isTrue();

    Replica replica = replicas.byName("eu", name("mapped")).orElseThrow();
    assertThat(replica.id()).isEqualTo("r1");
    assertThat(replica.metadataLocation()).contains("s3://eu/r1/9.json");
    assertThat(replica.position()).isEqualTo(40);
    assertThat(replica.generation()).isEqualTo(9);
    assertThat(replica.pointerGeneration()).isEqualTo(9);
    assertThat(replicas.mapping("r1")).isEqualTo(MAPPING);
    assertThat(table().uuid()).isEqualTo("u1");
    assertThat(table().headPosition()).hasValue(40);
    assertThat(versions.find(LOST, 40))
        .contains(
            new TableVersion(
                LOST,
                40,
                table().id(),
                OptionalLong.empty(),
                "s3://lake/orders/metadata/40.json",
                VersionOrigin.DISCOVERED,
                OptionalLong.empty(),
                33,
                COMMITTED_AT,
                OptionalLong.of(77),
                clock.instant()));
    assertThat(replicas.waiting("me", 10)).isEmpty();
  }

  @Test
  void adopt_again_changesNothing() {
    adoption.adopt(found("r1", "eu", "u1", 40));
    var before = content("source", "source_table", "table_version", "replica", "replica_mapping");

    assertThat(adoption.adopt(found("r1", "eu", "u1", 41))).isFalse();

    assertThat(content("source", "source_table", "table_version", "replica", "replica_mapping"))
        .isEqualTo(before);
  }

  @Test
  void adopt_twoDestinations_shareTheTable() {
    adoption.adopt(found("r1", "eu", "u1", 40));
    adoption.adopt(found("r2", "us", "u1", 38));
    adoption.adopt(found("r3", "ap", "u1", 42));

    assertThat(rows("source_table")).isEqualTo(1);
    assertThat(table().headPosition()).hasValue(42);
    assertThat(versions.after(table().id(), 0, 10))
        .extracting(TableVersion::position)
        .containsExactly(38L, 40L, 42L);
    assertThat(replicas.waiting("me", 10))
        .extracting(Replica::id)
        .containsExactlyInAnyOrder("r1", "r2");
  }

  @Test
  void adopt_twoDestinationsAtOneVersion_logItOnce() {
    adoption.adopt(found("r1", "eu", "u1", 40));
    adoption.adopt(found("r2", "us", "u1", 40));

    assertThat(rows("table_version")).isEqualTo(1);
    assertThat(replicas.ofTable(table().id())).hasSize(2);
  }

  @Test
  void append_afterRecovery_goesOnAboveEveryRecoveredPosition() {
    adoption.adopt(found("r1", "eu", "u1", 40));
    adoption.adopt(found("r2", "us", "u1", 38));

    long position = versions.append(Samples.append(table(), OptionalLong.of(40), 1));

    assertThat(position).isEqualTo(41);
    assertThat(versions.find(LOST, 41).orElseThrow().predecessor()).hasValue(40);
    assertThat(replicas.waiting("me", 10)).hasSize(2);
  }

  @Test
  void adopt_tableDiscoveredButNotLogged_becomesItsHead() {
    new Sources(database).register(LOST);
    SourceTable known = tables.discover(LOST, "", name("orders"), "u1", "s3://lake/orders", false);

    adoption.adopt(found("r1", "eu", "u1", 40));

    assertThat(table().id()).isEqualTo(known.id());
    assertThat(table().headPosition()).hasValue(40);
  }

  @Test
  void adopt_nameOfAnotherReplica_isRefusedAndAdoptsNothing() {
    adoption.adopt(found("r1", "eu", "u1", 40));

    assertThatExceptionOfType(TargetTakenException.class)
        .isThrownBy(() -> adoption.adopt(found("r2", "eu", "u2", 50)))
        .withMessageContainingAll("sales.mapped", "r1");

    assertThat(rows("source_table")).isEqualTo(1);
    assertThat(one("select last_position from source where name = ?", Long.class, LOST))
        .isEqualTo(40);
  }

  @Test
  void adopt_newerTableOfTheName_supersedesTheOlderOne() {
    adoption.adopt(found("r1", "eu", "u1", 40));

    adoption.adopt(found("r2", "us", "u2", 50));

    assertThat(table().uuid()).isEqualTo("u2");
    assertThat(lifecycle("u1")).isEqualTo(TableLifecycle.SUPERSEDED);
    assertThat(replicas.find("r1").orElseThrow().metadataLocation()).isPresent();
  }

  @Test
  void adopt_olderTableOfTheName_isAdoptedAsSuperseded() {
    adoption.adopt(found("r2", "us", "u2", 50));

    adoption.adopt(found("r1", "eu", "u1", 40));

    assertThat(table().uuid()).isEqualTo("u2");
    assertThat(lifecycle("u1")).isEqualTo(TableLifecycle.SUPERSEDED);
    assertThat(replicas.find("r1").orElseThrow().metadataLocation()).isPresent();
  }

  private TableLifecycle lifecycle(String uuid) {
    return one(
        "select lifecycle from source_table where table_uuid = ?", TableLifecycle.class, uuid);
  }

  private static Adoption.Found standing(
      String id, long position, TableIdentifier name, Adoption.Standing standing) {
    Adoption.Found found = found(id, "eu", "u1", position);
    Adoption.NewReplicaWithPointer replica = found.replica();
    return new Adoption.Found(
        new Adoption.NewReplicaWithPointer(
            replica.id(),
            replica.source(),
            replica.destination(),
            name,
            replica.folder(),
            replica.mapping(),
            replica.generation(),
            replica.position(),
            replica.metadataLocation()),
        found.sourceName(),
        found.tableUuid(),
        found.sourceLocation(),
        found.sourceMetadataLocation(),
        found.lastSequenceNumber(),
        found.snapshotId(),
        found.committedAt(),
        standing);
  }

  private static Adoption.Standing table(int incarnation, ReplicaLifecycle lifecycle) {
    return new Adoption.Standing(EntryKind.TABLE, incarnation, lifecycle);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void adopt_twoHistoriesUnderOneUuid_lastOneGoesOn(boolean newestFirst) {
    Adoption.Found ended =
        standing("r1", 40, name("mapped__archived_r1"), table(1, ReplicaLifecycle.ARCHIVED));
    Adoption.Found last = standing("r2", 50, name("mapped"), table(2, ReplicaLifecycle.ACTIVE));

    adoption.adopt(newestFirst ? last : ended);
    adoption.adopt(newestFirst ? ended : last);

    assertThat(table().incarnation()).isEqualTo(2);
    assertThat(tables.withUuid(EntryKind.TABLE, LOST, "", "u1"))
        .extracting(SourceTable::incarnation)
        .containsExactly(2);
    assertThat(replicas.find("r1").orElseThrow().lifecycle()).isEqualTo(ReplicaLifecycle.ARCHIVED);
    assertThat(replicas.find("r2").orElseThrow().tableId()).isEqualTo(table().id());
  }

  @Test
  void adopt_droppedTable_isDroppedStill() {
    adoption.adopt(standing("r1", 40, name("m"), table(1, ReplicaLifecycle.SOURCE_DROPPED)));

    assertThat(tables.active(LOST, "", name("orders"))).isEmpty();
    assertThat(replicas.find("r1").orElseThrow().lifecycle())
        .isEqualTo(ReplicaLifecycle.SOURCE_DROPPED);
    assertThat(tables.withUuid(EntryKind.TABLE, LOST, "", "u1"))
        .extracting(SourceTable::lifecycle)
        .containsExactly(TableLifecycle.DROPPED);
  }

  @Test
  void adopt_view_isAView() {
    adoption.adopt(
        standing(
            "r1",
            40,
            name("m"),
            new Adoption.Standing(EntryKind.VIEW, 1, ReplicaLifecycle.ACTIVE)));

    assertThat(tables.active(LOST, "", name("orders"))).isEmpty();
    assertThat(tables.active(EntryKind.VIEW, LOST, "", name("orders"))).isPresent();
    assertThat(replicas.byName("eu", name("m")).orElseThrow().kind()).isEqualTo(EntryKind.VIEW);
  }
}
