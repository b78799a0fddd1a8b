package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CleanupsTest extends ReplicaContract {
  private Cleanups cleanups;

  @BeforeEach
  void open() {
    cleanups = new Cleanups(database);
  }

  private List<String> waiting() {
    return replicas.waiting("me", 10).stream().map(Replica::id).toList();
  }

  private void publish() {
    Lease lease = claim();
    publisher.publish(publication(replica, lease, append(1)));
    replicas.pointerWritten(read());
    leases.release(lease);
  }

  @Test
  void remind_onlyWhatIsPublished_onceAndThenKept() {
    Instant at = clock.instant().plus(Duration.ofDays(1));
    cleanups.remind(at);
    assertThat(cleanups.of("r1")).isEmpty();

    publish();
    cleanups.remind(at);
    cleanups.remind(at.plusSeconds(1));
    cleanups.remind("r1", at.plusSeconds(2));

    assertThat(cleanups.of("r1")).hasValue(new Cleanup(0, 0, at, at));
  }

  @Test
  void replica_whoseReminderIsDue_waitsForALane() {
    publish();
    cleanups.remind("r1", clock.instant().plus(Duration.ofDays(1)));
    assertThat(waiting()).isEmpty();

    clock.step(Duration.ofDays(1));
    assertThat(waiting()).containsExactly("r1");

    Instant next = clock.instant().plus(Duration.ofDays(1));
    cleanups.put("r1", new Cleanup(3, 1, next, next));
    assertThat(waiting()).isEmpty();
    assertThat(cleanups.of("r1")).hasValue(new Cleanup(3, 1, next, next));
  }

  @Test
  void replica_thatIsPaused_doesNotWait() {
    publish();
    cleanups.remind("r1", clock.instant());
    database.jdbi().useHandle(handle -> handle.execute("update replica set paused = true"));

    assertThat(waiting()).isEmpty();
  }
}
