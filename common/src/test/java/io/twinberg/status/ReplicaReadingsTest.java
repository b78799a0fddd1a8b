package io.twinberg.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.SourceTable;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a reading of the replicas answers, on whichever database. */
class ReplicaReadingsTest extends DatabaseContract {
  private ReplicaWorld world;
  // A watch may pass over its greatest value.
  private long nanos = Long.MAX_VALUE - 1;
  private long took = Duration.ofMillis(50).toNanos();
  private int looks;

  @BeforeEach
  void open() {
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    add("a");
    add("b");
  }

  private void add(String name) {
    world.replica(world.table(SOURCE, TableIdentifier.of("n", name)), "eu");
  }

  /** Readings that each take as long by their watch. */
  private ReplicaReadings readings(int few) {
    return new ReplicaReadings(
        database,
        clock,
        new CheckIntervals(Duration.ofMinutes(1), Duration.ofMinutes(15)),
        () -> nanos += looks++ % 2 == 0 ? 0 : took,
        few);
  }

  @Test
  void fewReplicas_areReadForEachQuestion() {
    ReplicaReadings readings = readings(3);
    assertThat(readings.now().replicas()).hasSize(2);
    add("c");
    assertThat(readings.now().replicas()).hasSize(3);
  }

  @Test
  void manyReplicas_answerForTwentyTimesWhatTheyTook_thenAreReadAgain() {
    ReplicaReadings readings = readings(1);
    ReplicaReading first = readings.now();
    add("c");
    looks = 0;
    nanos += 20 * took - 1;
    assertThat(readings.now()).isSameAs(first);
    looks = 0;
    nanos += 1;
    assertThat(readings.now().replicas()).hasSize(3);
  }

  @Test
  void readingThatTookLong_answersForFiveSecondsAtMost() {
    took = Duration.ofSeconds(1).toNanos();
    ReplicaReadings readings = readings(1);
    ReplicaReading first = readings.now();
    looks = 0;
    nanos += Duration.ofSeconds(5).toNanos() - 1;
    assertThat(readings.now()).isSameAs(first);
    looks = 0;
    nanos += 1;
    assertThat(readings.now()).isNotSameAs(first);
  }

  /** A list that is sorted by the last publication must not get one without any. */
  @Test
  void keptReading_withoutPublications_doesNotAnswerForThem() {
    SourceTable table = world.table(SOURCE, TableIdentifier.of("n", "c"));
    Replica replica = world.replica(table, "eu");
    world.publish(replica, world.commit(table), "file:///c");
    ReplicaReadings readings = readings(1);
    assertThat(readings.now().replicas()).allMatch(one -> one.appliedAt().isEmpty());

    looks = 0;
    ReplicaReading applied = readings.nowWithApplied();

    assertThat(applied.replicas()).filteredOn(one -> one.appliedAt().isPresent()).hasSize(1);
    looks = 0;
    assertThat(readings.now()).as("it answers for both").isSameAs(applied);
  }
}
