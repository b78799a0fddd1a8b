package io.twinberg.log;

import static io.twinberg.testing.Samples.COMMITTED_AT;
import static io.twinberg.testing.Samples.append;
import static io.twinberg.testing.Samples.discover;
import static io.twinberg.testing.Samples.location;
import static io.twinberg.testing.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VersionLogTest extends DatabaseContract {
  private static final OptionalLong NONE = OptionalLong.empty();

  private SourceTable orders;

  @BeforeEach
  void discoverTable() {
    orders = discover(tables, SOURCE, "orders");
  }

  private long add(SourceTable table, OptionalLong head, int number) {
    return versions.append(append(table, head, number));
  }

  private static OptionalLong at(long position) {
    return OptionalLong.of(position);
  }

  private OptionalLong head(SourceTable table) {
    return tables.find(table.id()).orElseThrow().headPosition();
  }

  private static NewVersion with(NewVersion version, byte[] metadata) {
    return new NewVersion(
        version.metadataLocation(),
        version.origin(),
        version.intentId(),
        version.lastSequenceNumber(),
        version.lastUpdatedAt(),
        version.snapshotId(),
        Optional.ofNullable(metadata).map(KeptJson::of));
  }

  @Test
  void append_firstVersion_takesThePositionAfterTheSourcesLast() {
    long position = add(orders, NONE, 1);

    assertThat(position).isEqualTo(1);
    assertThat(head(orders)).hasValue(1);
    assertThat(versions.find(SOURCE, 1))
        .contains(
            new TableVersion(
                SOURCE,
                1,
                orders.id(),
                NONE,
                location(orders, 1),
                VersionOrigin.PROXY,
                NONE,
                1,
                COMMITTED_AT,
                at(1001),
                clock.instant()));
  }

  @Test
  void append_versionWithoutSnapshotOrIntent_isReadBackWithoutThem() {
    NewVersion bare =
        new NewVersion(
            "s3://lake/ü 'q'/1.json",
            VersionOrigin.DISCOVERED,
            NONE,
            0,
            COMMITTED_AT,
            NONE,
            Optional.empty());

    long position = versions.append(new Append(orders, NONE, List.of(bare), Optional.empty()));

    TableVersion read = versions.find(SOURCE, position).orElseThrow();
    assertThat(read.snapshotId()).isEmpty();
    assertThat(read.metadataLocation()).isEqualTo("s3://lake/ü 'q'/1.json");
    assertThat(versions.metadata(read)).isEmpty();
    assertThat(one("select count(*) from table_version where intent_id is null", Long.class))
        .isEqualTo(1);
  }

  @Test
  void append_severalVersions_linksEachToTheOneBefore() {
    SourceTable other = discover(tables, SOURCE, "other");
    add(orders, NONE, 1);
    add(other, NONE, 1);

    long last =
        versions.append(
            new Append(
                orders, at(1), List.of(version(orders, 2), version(orders, 3)), Optional.empty()));

    assertThat(last).isEqualTo(4);
    assertThat(versions.after(orders.id(), 0, 10))
        .extracting(TableVersion::position)
        .containsExactly(1L, 3L, 4L);
    assertThat(versions.after(orders.id(), 0, 10))
        .extracting(TableVersion::predecessor)
        .containsExactly(NONE, at(1), at(3));
    assertThat(versions.after(orders.id(), 1, 1))
        .extracting(TableVersion::position)
        .containsExactly(3L);
  }

  @Test
  void append_sources_countTheirPositionsApart() {
    new Sources(database).register("second");
    SourceTable far = discover(tables, "second", "orders");
    add(orders, NONE, 1);

    assertThat(add(far, NONE, 1)).isEqualTo(1);
    assertThat(versions.find("second", 1).orElseThrow().tableId()).isEqualTo(far.id());
  }

  private static NewVersion of(VersionOrigin origin, String location) {
    return new NewVersion(location, origin, NONE, 1, COMMITTED_AT, NONE, Optional.empty());
  }

  @Test
  void append_versionsThatWentPastTheProxy_areCountedOnceTheyAreLogged() {
    Sources sources = new Sources(database);
    Append first =
        new Append(
            orders, NONE, List.of(of(VersionOrigin.DISCOVERED, "s3://lake/1")), Optional.empty());
    versions.append(first);
    assertThat(sources.bypassVersions()).containsEntry(SOURCE, 0L);
    List<NewVersion> mixed =
        List.of(
            of(VersionOrigin.BYPASS, "s3://lake/2"),
            of(VersionOrigin.BYPASS, "s3://lake/3"),
            of(VersionOrigin.PROXY, "s3://lake/4"));
    Append next = new Append(orders, at(1), mixed, Optional.empty());

    versions.append(next);

    assertThat(sources.bypassVersions()).containsEntry(SOURCE, 2L);
    assertThatExceptionOfType(HeadMovedException.class).isThrownBy(() -> versions.append(next));
    assertThat(sources.bypassVersions()).containsEntry(SOURCE, 2L);
  }

  @Test
  void append_otherHeadThanExpected_isRefusedAndTakesNoPosition() {
    add(orders, NONE, 1);

    assertThatExceptionOfType(HeadMovedException.class)
        .isThrownBy(() -> add(orders, NONE, 2))
        .withMessageContainingAll("sales.orders", SOURCE);
    assertThatExceptionOfType(HeadMovedException.class).isThrownBy(() -> add(orders, at(7), 2));

    assertThat(add(orders, at(1), 2)).isEqualTo(2);
  }

  @Test
  void append_locationThatTheChainHas_isRefused() {
    add(orders, NONE, 1);

    assertThatThrownBy(() -> add(orders, at(1), 1)).isInstanceOf(JdbiException.class);

    assertThat(head(orders)).hasValue(1);
    assertThat(add(orders, at(1), 2)).isEqualTo(2);
  }

  @Test
  void append_missingVersionsBefore_areRecordedAsGap() {
    add(orders, NONE, 1);

    versions.append(
        new Append(
            orders,
            at(1),
            List.of(version(orders, 8), version(orders, 9)),
            Optional.of("7 has been deleted")));

    assertThat(content("gap").get("gap"))
        .singleElement()
        .satisfies(
            gap ->
                assertThat(gap)
                    .containsAllEntriesOf(
                        Map.of(
                            "table_id",
                            orders.id(),
                            "after_position",
                            1L,
                            "before_position",
                            2L,
                            "reason",
                            "7 has been deleted")));
  }

  @Test
  void append_nothing_isRefused() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Append(orders, NONE, List.of(), Optional.empty()))
        .withMessageContaining("sales.orders");
  }

  @Test
  void appendGroup_severalTables_areOneGroup() {
    SourceTable other = discover(tables, SOURCE, "other");
    add(orders, NONE, 1);

    long last =
        versions.appendGroup(List.of(append(orders, at(1), 2), append(other, NONE, 1)), at(42));

    assertThat(last).isEqualTo(3);
    OptionalLong group = versions.find(SOURCE, 2).orElseThrow().group();
    assertThat(group).isPresent();
    assertThat(versions.find(SOURCE, 3).orElseThrow().group()).isEqualTo(group);
    assertThat(versions.find(SOURCE, 1).orElseThrow().group()).isEmpty();
    assertThat(one("select sum(position) from version_group_member", Long.class)).isEqualTo(5);
  }

  @Test
  void appendGroup_versionsBeforeTheTransaction_areNotOfTheGroup() {
    SourceTable other = discover(tables, SOURCE, "other");
    Append two =
        new Append(orders, NONE, List.of(version(orders, 1), version(orders, 2)), Optional.empty());

    versions.appendGroup(List.of(two, append(other, NONE, 1)), NONE);

    assertThat(versions.find(SOURCE, 1).orElseThrow().group()).isEmpty();
    assertThat(versions.find(SOURCE, 2).orElseThrow().group()).isPresent();
    assertThat(rows("version_group_member")).isEqualTo(2);
  }

  @Test
  void appendGroup_itsRow_tellsIntentAndMembers() {
    SourceTable other = discover(tables, SOURCE, "other");

    versions.appendGroup(List.of(append(orders, NONE, 1), append(other, NONE, 1)), at(42));

    assertThat(one("select members from version_group where intent_id = ?", Integer.class, 42))
        .isEqualTo(2);
  }

  @Test
  void appendGroup_oneHeadMoved_appendsNone() {
    SourceTable other = discover(tables, SOURCE, "other");
    add(other, NONE, 1);

    assertThatExceptionOfType(HeadMovedException.class)
        .isThrownBy(
            () ->
                versions.appendGroup(
                    List.of(append(orders, NONE, 1), append(other, NONE, 2)), NONE));

    assertThat(rows("version_group")).isZero();
    assertThat(rows("table_version")).isEqualTo(1);
    assertThat(head(orders)).isEmpty();
    assertThat(add(orders, NONE, 1)).isEqualTo(2);
  }

  @Test
  void contains_locationOfTheChain_isTrueForThatTableOnly() {
    SourceTable other = discover(tables, SOURCE, "other");
    add(orders, NONE, 1);

    assertThat(versions.contains(orders.id(), location(orders, 1))).isTrue();
    assertThat(versions.contains(orders.id(), location(orders, 2))).isFalse();
    assertThat(versions.contains(other.id(), location(orders, 1))).isFalse();
  }

  @Test
  void shown_snapshotsOfEarlierVersions_areThoseOfThatTableOnly() {
    SourceTable other = discover(tables, SOURCE, "other");
    add(orders, NONE, 1);
    add(orders, OptionalLong.of(1), 2);

    assertThat(versions.shown(orders.id(), Set.of(1001L, 1009L))).containsExactly(1001L);
    assertThat(versions.shown(other.id(), Set.of(1001L))).isEmpty();
  }

  @Test
  void metadata_severalMegabytes_isKeptToTheByte() {
    byte[] metadata = new byte[5 << 20];
    new Random(42).nextBytes(metadata);

    versions.append(
        new Append(orders, NONE, List.of(with(version(orders, 1), metadata)), Optional.empty()));

    assertThat(versions.metadata(versions.find(SOURCE, 1).orElseThrow())).contains(metadata);
  }

  @Test
  void metadata_tooLargeCompressed_isNotKeptThoughTheVersionIs() {
    byte[] metadata = new byte[VersionLog.KEPT_METADATA_BYTES + 1];
    new Random(42).nextBytes(metadata);

    versions.append(
        new Append(orders, NONE, List.of(with(version(orders, 1), metadata)), Optional.empty()));

    assertThat(versions.metadata(versions.find(SOURCE, 1).orElseThrow())).isEmpty();
  }

  @Test
  void metadata_largeButCompressible_isKept() {
    byte[] metadata = new byte[VersionLog.KEPT_METADATA_BYTES * 2];

    versions.append(
        new Append(orders, NONE, List.of(with(version(orders, 1), metadata)), Optional.empty()));

    assertThat(versions.metadata(versions.find(SOURCE, 1).orElseThrow()).orElseThrow())
        .hasSameSizeAs(metadata);
  }

  @Test
  void trim_twoReplicas_keepsWhatTheSlowerOneStillNeeds() {
    fourVersions();
    replica("a", "ACTIVE", 3);
    replica("b", "ACTIVE", 2);

    assertThat(versions.trim(orders.id(), 0)).isEqualTo(1);

    assertThat(kept()).containsExactly(2L, 3L, 4L);
    assertThat(versions.trim(orders.id(), 0)).isZero();
  }

  @Test
  void trim_replicaWithoutAnyVersion_keepsAll() {
    fourVersions();
    replica("a", "ACTIVE", 4);
    replica("b", "ACTIVE", 0);

    assertThat(versions.trim(orders.id(), 0)).isZero();
  }

  @Test
  void trim_everyReplicaAtTheHead_keepsTheHead() {
    fourVersions();
    replica("a", "ACTIVE", 4);

    versions.trim(orders.id(), 0);

    assertThat(kept()).containsExactly(4L);
  }

  @Test
  void trim_fromAPosition_leavesWhatIsBeforeIt() {
    fourVersions();
    replica("a", "ACTIVE", 4);

    assertThat(versions.trim(orders.id(), 2)).isEqualTo(2);

    assertThat(kept()).containsExactly(1L, 4L);
  }

  @Test
  void trim_noActiveReplica_keepsTheHeadOnly() {
    fourVersions();
    replica("a", "ARCHIVED", 1);

    versions.trim(orders.id(), 0);

    assertThat(kept()).containsExactly(4L);
  }

  @Test
  void trim_otherTable_isNotTouched() {
    SourceTable other = discover(tables, SOURCE, "other");
    fourVersions();
    replica("a", "ACTIVE", 4);

    assertThat(versions.trim(other.id(), 0)).isZero();
    assertThat(kept()).hasSize(4);
  }

  private void fourVersions() {
    versions.append(
        new Append(
            orders,
            NONE,
            List.of(version(orders, 1), version(orders, 2), version(orders, 3), version(orders, 4)),
            Optional.empty()));
  }

  private List<Long> kept() {
    return versions.after(orders.id(), 0, 10).stream()
        .filter(version -> versions.metadata(version).isPresent())
        .map(TableVersion::position)
        .toList();
  }

  private void replica(String id, String lifecycle, long position) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    insert into replica (id, table_id, source, destination, namespace, name, folder, lifecycle, paused,
                        position, generation, pointer_generation, attempts, next_attempt_at, needs_person, created_at)
                    values (?, ?, ?, ?, '[]', 't', 'f', ?, false, ?, 1, 1, 0, ?, false, ?)
                    """,
                    id,
                    orders.id(),
                    SOURCE,
                    id,
                    lifecycle,
                    position,
                    clock.instant(),
                    clock.instant()));
  }

  @Test
  void metadata_sampleVersion_isTheSample() {
    add(orders, NONE, 3);

    assertThat(versions.metadata(versions.find(SOURCE, 1).orElseThrow()))
        .contains(Samples.metadata(3));
  }
}
