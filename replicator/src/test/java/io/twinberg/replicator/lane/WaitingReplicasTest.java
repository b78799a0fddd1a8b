package io.twinberg.replicator.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.DataSize;
import io.twinberg.config.RefSelection;
import io.twinberg.log.SourceTable;
import io.twinberg.log.Sources;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replica.Replicas;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a dispatcher finds, on whichever database; its watch goes on as each look takes it. */
class WaitingReplicasTest extends DatabaseContract {
  private static final int LIMIT = 3;

  private ReplicaWorld world;
  private final AttemptTimes attempts = new AttemptTimes();
  private WaitingReplicas waiting;
  private Duration lookTakes = Duration.ofMillis(50);
  private long nanos;

  @BeforeEach
  void open() {
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    waiting = waiting(0);
  }

  private WaitingReplicas waiting(int few) {
    return new WaitingReplicas(
        new Replicas(database, clock),
        new Sources(database),
        "me",
        LIMIT,
        few,
        attempts,
        clock,
        this::watch);
  }

  /** A watch that has gone on, each time it is read, for as long as a look takes. */
  private long watch() {
    nanos += lookTakes.toNanos();
    return nanos;
  }

  private List<String> look() {
    return waiting.look(true).stream().map(Replica::id).toList();
  }

  private SourceTable table(String name) {
    return world.table(SOURCE, TableIdentifier.of("n", name));
  }

  private Replica current(SourceTable table) {
    Replica replica = world.replica(table, "eu");
    Replica published = world.publish(replica, world.commit(table), "file:///r");
    world.replicas().pointerWritten(published);
    return replica;
  }

  private Replica limited(SourceTable table) {
    Replica replica = current(table);
    world
        .replicas()
        .settle(
            replica,
            new ReplicaSettings(
                Optional.empty(), new RefSelection.All(), 5, Optional.of(new DataSize(1 << 20))));
    return replica;
  }

  @Test
  void look_whileOneOverAllRests_findsNewVersionsAtOnceAndTheRestLater() {
    SourceTable table = table("a");
    Replica replica = current(table);
    Replica failing = current(table("b"));
    assertThat(look()).isEmpty();
    assertThat(waiting.rests()).isTrue();

    owePointer(failing);
    world.commit(table);
    assertThat(look()).containsExactly(replica.id());
    assertThat(look()).as("its versions are not new any more").isEmpty();

    nanos += Duration.ofSeconds(10).toNanos();
    assertThat(look()).as("nobody has rung").isEmpty();
    nanos += Duration.ofSeconds(5).toNanos();
    assertThat(look()).containsExactlyInAnyOrder(replica.id(), failing.id());
  }

  /** What only a look over all finds. */
  private void owePointer(Replica replica) {
    database
        .jdbi()
        .useHandle(
            h -> h.execute("update replica set pointer_generation = 0 where id = ?", replica.id()));
  }

  @Test
  void look_afterARing_isOverAllSooner() {
    Replica failing = current(table("a"));
    assertThat(look()).isEmpty();
    owePointer(failing);
    waiting.rung();
    assertThat(look()).as("looks over all are not made one after the other").isEmpty();

    nanos += Duration.ofSeconds(10).toNanos();
    assertThat(look()).containsExactly(failing.id());
    assertThat(look()).as("it was answered").isEmpty();
  }

  @Test
  void look_whenAFailedReplicaIsToBeTriedAgain_isOverAllSooner() {
    Replica failing = current(table("a"));
    assertThat(look()).isEmpty();
    owePointer(failing);
    attempts.add(clock.instant().plusSeconds(60));
    nanos += Duration.ofSeconds(10).toNanos();
    assertThat(look()).as("it is too early").isEmpty();

    clock.step(Duration.ofSeconds(60));
    assertThat(look()).containsExactly(failing.id());
  }

  @Test
  void look_withoutLimited_leavesThemToTheNextOverAll() {
    SourceTable table = table("a");
    Replica limited = limited(table);
    assertThat(look()).isEmpty();
    world.commit(table);
    assertThat(waiting.look(false)).isEmpty();
    nanos += Duration.ofSeconds(15).toNanos();
    assertThat(waiting.look(false)).isEmpty();
    nanos += Duration.ofSeconds(15).toNanos();
    assertThat(look()).containsExactly(limited.id());
  }

  @Test
  void look_withALaneForLimitedOnesAgain_findsThoseLeftOutSoon() {
    SourceTable table = table("a");
    Replica limited = limited(table);
    assertThat(look()).isEmpty();
    world.commit(table);
    assertThat(waiting.look(false)).isEmpty();
    assertThat(look()).as("looks over all are not made one after the other").isEmpty();
    nanos += Duration.ofSeconds(2).toNanos();
    assertThat(look()).containsExactly(limited.id());
  }

  /** As on a machine that is busy for a moment. */
  @Test
  void look_thatTookVeryLong_restsForSecondsOnly() {
    Replica failing = current(table("a"));
    lookTakes = Duration.ofMinutes(1);
    assertThat(look()).isEmpty();
    lookTakes = Duration.ofMillis(50);
    owePointer(failing);

    assertThat(look()).isEmpty();
    nanos += Duration.ofSeconds(15).toNanos();
    assertThat(look()).containsExactly(failing.id());
  }

  /** On a busy machine another attempt would wait for that. */
  @Test
  void look_overFew_neverRests() {
    waiting = waiting(1);
    Replica failing = current(table("a"));
    assertThat(look()).isEmpty();
    assertThat(waiting.rests()).isFalse();
    owePointer(failing);

    assertThat(look()).containsExactly(failing.id());
  }

  @Test
  void look_thatTakesLittle_isOverAllEachTime() {
    lookTakes = Duration.ofMillis(1);
    SourceTable table = table("a");
    Replica replica = current(table);
    world.commit(table);
    assertThat(look()).containsExactly(replica.id());
    assertThat(waiting.rests()).isFalse();
    assertThat(look()).containsExactly(replica.id());
  }

  @Test
  void look_thatFindsAsManyAsItMay_isFollowedByAnotherOverAll() {
    for (int i = 0; i < LIMIT; i++) {
      SourceTable table = table("t" + i);
      current(table);
      world.commit(table);
    }
    assertThat(look()).hasSize(LIMIT);
    assertThat(waiting.rests()).isFalse();
  }
}
