package io.twinberg.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.twinberg.log.SourceTable;
import io.twinberg.log.TableVersion;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the status queries answer, on whichever database. */
class StatusQueriesTest extends DatabaseContract {
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "eu", "orders");
  private static final CheckIntervals INTERVALS =
      new CheckIntervals(Duration.ofMinutes(1), Duration.ofMinutes(15));

  private ReplicaWorld world;
  private ReplicaStatuses statuses;
  private CatalogStatuses catalogs;

  @BeforeEach
  void open() {
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    ReplicaReadings readings = new ReplicaReadings(database, clock, INTERVALS, Runnable::run);
    statuses = new ReplicaStatuses(database, clock, INTERVALS, readings);
    catalogs = new CatalogStatuses(database, clock, readings);
  }

  private ReplicaStatus only() {
    StatusPage page = statuses.page(StatusList.ALL, Optional.empty(), 10);
    assertThat(page.replicas()).hasSize(1);
    ReplicaStatus only = page.replicas().get(0);
    assertThat(page.counts().get(only.state())).isEqualTo(1);
    return only;
  }

  private Replica published(SourceTable table) {
    Replica replica = world.replica(table, "eu");
    TableVersion version = world.commit(table);
    world.checked(table);
    return world.publish(replica, version, "file:///r/1.metadata.json");
  }

  @Test
  void replica_withoutPublication_isPendingWithLagInVersionsAndSeconds() {
    SourceTable table = world.table("prod", ORDERS);
    Replica replica = world.replica(table, "eu");
    world.commit(table);
    clock.step(Duration.ofSeconds(30));
    world.commit(table);
    clock.step(Duration.ofSeconds(12));
    ReplicaStatus status = only();
    assertThat(status.state()).isEqualTo(ReplicaState.PENDING);
    assertThat(status.lag()).isEqualTo(new ReplicaStatus.Lag(2, Duration.ofSeconds(42)));
    assertThat(status.replicaId()).isEqualTo(replica.id());
    assertThat(status.table()).isEqualTo(ORDERS);
    assertThat(status.lastApplied()).isEmpty();
    assertThat(status.sourceCheckedAt()).isEmpty();
  }

  @Test
  void replica_thatHasEverything_isCompletedWithWhatItApplied() {
    SourceTable table = world.table("prod", ORDERS);
    Replica replica = world.replica(table, "eu");
    TableVersion version = world.commit(table);
    world.checked(table);
    Instant checkedAt = clock.instant();
    clock.step(Duration.ofSeconds(5));
    world.publish(replica, version, "file:///r/1.metadata.json");
    ReplicaStatus status = only();
    assertThat(status.state()).isEqualTo(ReplicaState.COMPLETED);
    assertThat(status.lag()).isEqualTo(new ReplicaStatus.Lag(0, Duration.ZERO));
    assertThat(status.sourceCheckedAt()).contains(checkedAt);
    assertThat(status.lastApplied())
        .contains(
            new ReplicaStatus.LastApplied(
                version.metadataLocation(),
                "file:///r/1.metadata.json",
                version.snapshotId(),
                version.position(),
                clock.instant()));
    assertThat(status.nextAttempt()).isEmpty();
    assertThat(status.needsPerson()).isFalse();
  }

  @Test
  void replica_behindWhileItsLeaseIsHeld_isCopyingUntilItIsGivenBack() {
    SourceTable table = world.table("prod", ORDERS);
    Replica replica = published(table);
    Lease lease = world.claim(replica);
    assertThat(only().state()).isEqualTo(ReplicaState.COMPLETED);
    world.commit(table);
    assertThat(only().state()).isEqualTo(ReplicaState.COPYING);
    world.release(lease);
    assertThat(only().state()).isEqualTo(ReplicaState.PENDING);
  }

  @Test
  void replica_afterAFailure_isFailedEvenWhileItIsTriedAgainAndUntilItPublishes() {
    SourceTable table = world.table("prod", ORDERS);
    Replica replica = published(table);
    TableVersion next = world.commit(table);
    world.fail(replica, "DESTINATION_DENIED", false);
    ReplicaStatus status = only();
    assertThat(status.state()).isEqualTo(ReplicaState.FAILED);
    assertThat(status.lastError().orElseThrow().code()).isEqualTo("DESTINATION_DENIED");
    assertThat(status.lastError().orElseThrow().file()).contains("s3://lake/f");
    assertThat(status.nextAttempt()).contains(clock.instant().plus(Duration.ofMinutes(1)));
    Lease lease = world.claim(replica);
    assertThat(only().state()).isEqualTo(ReplicaState.FAILED);
    world.release(lease);
    world.publish(replica, next, "file:///r/2.metadata.json");
    assertThat(only().state()).isEqualTo(ReplicaState.COMPLETED);
  }

  @Test
  void failure_thatNeedsAPerson_isTriedAgainUntilItIsGivenUp() {
    SourceTable table = world.table("prod", ORDERS);
    Replica replica = published(table);
    world.commit(table);
    world.fail(replica, "UNSUPPORTED", true);
    assertThat(only().needsPerson()).isTrue();
    assertThat(only().attempts()).isEqualTo(1);
    assertThat(only().givenUp()).isFalse();
    assertThat(only().nextAttempt()).contains(clock.instant().plus(Duration.ofMinutes(1)));

    world.giveUp(replica, "UNSUPPORTED");
    assertThat(only().givenUp()).isTrue();
    assertThat(only().nextAttempt()).isEmpty();

    world.commit(table);
    assertThat(only().givenUp()).isFalse();
    assertThat(only().needsPerson()).isTrue();
    assertThat(only().nextAttempt()).contains(clock.instant().plus(Duration.ofMinutes(1)));
  }

  @Test
  void source_notCheckedWithinTwiceItsInterval_makesACompletedReplicaUnknown() {
    SourceTable table = world.table("prod", ORDERS);
    published(table);
    // One check found nothing: the interval is two minutes now.
    clock.step(Duration.ofMinutes(4));
    assertThat(only().state()).isEqualTo(ReplicaState.COMPLETED);
    clock.step(Duration.ofMillis(1));
    assertThat(only().state()).isEqualTo(ReplicaState.UNKNOWN);
    world.checks().postpone(table.id(), Duration.ofHours(1));
    assertThat(only().state()).isEqualTo(ReplicaState.UNKNOWN);
    world.checked(table);
    assertThat(only().state()).isEqualTo(ReplicaState.COMPLETED);
  }

  @Test
  void interval_ofATableThatNeverChanges_growsNoLongerThanTheLongest() {
    SourceTable table = world.table("prod", ORDERS);
    published(table);
    for (int i = 0; i < 20; i++) {
      world.checked(table);
    }
    clock.step(Duration.ofMinutes(30));
    assertThat(only().state()).isEqualTo(ReplicaState.COMPLETED);
    clock.step(Duration.ofMillis(1));
    assertThat(only().state()).isEqualTo(ReplicaState.UNKNOWN);
  }

  @Test
  void replica_thatIsBehind_isPendingHoweverLongAgoTheSourceWasChecked() {
    SourceTable table = world.table("prod", ORDERS);
    published(table);
    world.commit(table);
    clock.step(Duration.ofDays(1));
    assertThat(only().state()).isEqualTo(ReplicaState.PENDING);
    assertThat(only().lag().age()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void replica_thatShowsTheNewestVersionWithoutItsHistory_isPendingUntilItHasIt() {
    SourceTable table = world.table("prod", ORDERS);
    Replica replica = world.replica(table, "eu");
    TableVersion version = world.commit(table);
    world.checked(table);

    Replica heads = world.publishHeads(replica, version, "file:///r/1.metadata.json");
    assertThat(only().state()).isEqualTo(ReplicaState.PENDING);

    world.publishHistory(heads, version, "file:///r/2.metadata.json");
    assertThat(only().state()).isEqualTo(ReplicaState.COMPLETED);
  }

  @Test
  void replica_ofADroppedTable_staysCompletedThoughNobodyChecksIt() {
    SourceTable table = world.table("prod", ORDERS);
    published(table);
    world.tables().dropped(table.id());
    world.replicas().sourceDropped(table.id());
    clock.step(Duration.ofDays(1));
    assertThat(only().state()).isEqualTo(ReplicaState.COMPLETED);
    assertThat(only().lifecycle()).isEqualTo(ReplicaLifecycle.SOURCE_DROPPED);
  }

  @Test
  void replica_thatNoRuleWants_isCompletedWithoutLagWhateverItsTableDoes() {
    SourceTable table = world.table("prod", ORDERS);
    world.replicas().unmatched(published(table).id());
    world.commit(table);
    clock.step(Duration.ofDays(1));
    assertThat(only().state()).isEqualTo(ReplicaState.COMPLETED);
    assertThat(only().lag()).isEqualTo(new ReplicaStatus.Lag(0, Duration.ZERO));
    assertThat(only().lifecycle()).isEqualTo(ReplicaLifecycle.UNMATCHED);
  }

  @Test
  void archivedReplica_standsUnderItsOwnNameBesideTheNewOne() {
    SourceTable old = world.table("prod", ORDERS);
    Replica archived = published(old);
    world.replicas().archive(old.id());
    SourceTable fresh = world.table("prod", ORDERS);
    world.replica(fresh, "eu");
    List<ReplicaStatus> both = statuses.ofTable("prod", ORDERS);
    assertThat(both)
        .extracting(ReplicaStatus::lifecycle)
        .containsExactlyInAnyOrder(ReplicaLifecycle.ACTIVE, ReplicaLifecycle.ARCHIVED);
    assertThat(both)
        .filteredOn(status -> status.replicaId().equals(archived.id()))
        .extracting(status -> status.target().name())
        .containsExactly("orders__archived_" + archived.id());
  }

  @Test
  void pages_coverEveryReplicaOnceInOrderOfTheirTargets() {
    for (String destination : List.of("us", "eu")) {
      for (int i = 0; i < 7; i++) {
        TableIdentifier name = TableIdentifier.of("n" + i % 2, "t" + i);
        world.replica(world.table("prod-" + destination, name), destination);
      }
    }
    List<String> seen = new ArrayList<>();
    Optional<StatusCursor> cursor = Optional.empty();
    int pages = 0;
    do {
      StatusPage page = statuses.page(StatusList.ALL, cursor, 3);
      page.replicas().forEach(status -> seen.add(status.destination() + "." + status.target()));
      // The token, not the object, is what a client carries from page to page.
      cursor =
          page.next().map(next -> StatusCursor.parse(next.token(StatusList.ALL), StatusList.ALL));
      pages++;
    } while (cursor.isPresent());
    assertThat(pages).isEqualTo(5);
    assertThat(seen).hasSize(14).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void filters_bySourceDestinationAndState_narrowPageAndCounts() {
    Replica failing = published(world.table("prod", ORDERS));
    world.fail(failing, "BROKEN", false);
    SourceTable other = world.table("test", TableIdentifier.of("a", "b"));
    world.replica(other, "us");
    assertThat(ids(filter("prod", null, null))).containsExactly(failing.id());
    assertThat(ids(filter(null, "us", null))).hasSize(1).doesNotContain(failing.id());
    assertThat(ids(filter(null, null, ReplicaState.FAILED))).containsExactly(failing.id());
    assertThat(ids(filter("prod", "us", null))).isEmpty();
    StatusList ofTest = StatusList.of(filter("test", null, null));
    assertThat(statuses.page(ofTest, Optional.empty(), 10).counts())
        .containsEntry(ReplicaState.PENDING, 1L)
        .containsEntry(ReplicaState.FAILED, 0L)
        .hasSize(ReplicaState.values().length);
  }

  private static StatusFilter filter(String source, String destination, ReplicaState state) {
    return StatusFilter.of(
        Optional.ofNullable(source), Optional.ofNullable(destination), Optional.ofNullable(state));
  }

  private List<String> ids(StatusFilter filter) {
    return statuses.page(StatusList.of(filter), Optional.empty(), 10).replicas().stream()
        .map(ReplicaStatus::replicaId)
        .toList();
  }

  @Test
  void pageSize_outOfBounds_isRefused() {
    assertThatThrownBy(() -> statuses.page(StatusList.ALL, Optional.empty(), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> statuses.page(StatusList.ALL, Optional.empty(), 1001))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void destinations_gatherLagVersionsAndStatesOfTheirReplicas() {
    published(world.table("prod", ORDERS));
    SourceTable behind = world.table("prod", TableIdentifier.of("a", "b"));
    world.replica(behind, "eu");
    world.commit(behind);
    world.commit(behind);
    clock.step(Duration.ofSeconds(7));
    assertThat(catalogs.destinations())
        .containsExactly(
            new DestinationFacts(
                "eu",
                new ReplicaSums(
                    Map.of(
                        ReplicaState.COMPLETED,
                        1L,
                        ReplicaState.PENDING,
                        1L,
                        ReplicaState.COPYING,
                        0L,
                        ReplicaState.FAILED,
                        0L,
                        ReplicaState.UNKNOWN,
                        0L),
                    Duration.ofSeconds(7),
                    2),
                0));
  }

  @Test
  void sources_tellOldestCheckUncheckedTablesAndOpenIntents() {
    world.checked(world.view("prod", TableIdentifier.of("a", "view")));
    SourceTable dropped = world.table("prod", TableIdentifier.of("a", "dropped"));
    world.checked(dropped);
    world.tables().dropped(dropped.id());
    clock.step(Duration.ofSeconds(9));
    SourceTable first = world.table("prod", ORDERS);
    SourceTable second = world.table("prod", TableIdentifier.of("a", "b"));
    world.table("prod", TableIdentifier.of("a", "c"));
    world.checked(first);
    Instant oldest = clock.instant();
    clock.step(Duration.ofSeconds(9));
    world.checked(second);
    world.intent(first);
    assertThat(catalogs.sources())
        .containsExactly(new SourceFacts("prod", 3, 1, Optional.of(oldest), 1, ReplicaSums.NONE));
    world.replica(first, "eu");
    world.replica(first, "us");
    world.replica(world.table("test", TableIdentifier.of("x", "y")), "eu");
    world.commit(first);
    assertThat(catalogs.sources())
        .extracting(
            SourceFacts::source,
            source -> source.replicas().counts().get(ReplicaState.PENDING),
            source -> source.replicas().pendingVersions())
        .containsExactly(tuple("prod", 2L, 2L), tuple("test", 1L, 0L));
    assertThat(catalogs.knows("prod", ORDERS)).isTrue();
    assertThat(catalogs.knows("test", ORDERS)).isFalse();
    assertThat(catalogs.tables("prod")).as("with the view").hasSize(4).contains(ORDERS);
  }
}
