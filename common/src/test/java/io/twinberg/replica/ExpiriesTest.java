package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExpiriesTest extends ReplicaContract {
  private static final String MONTH = "P30D 1";

  private Expiries expiries;

  @BeforeEach
  void publishOnce() {
    expiries = new Expiries(database, clock);
    Lease lease = claim();
    publisher.publish(publication(replica, lease, append(1)));
    replicas.pointerWritten(replicas.find(replica.id()).orElseThrow());
    leases.release(lease);
  }

  private List<String> waiting() {
    return replicas.waiting("me", 10).stream().map(Replica::id).toList();
  }

  @Test
  void replica_thatNobodyHasLookedAt_isDueFromTheStartOn() {
    assertThat(waiting()).isEmpty();
    expiries.retention(DESTINATION, Optional.of(MONTH));
    assertThat(waiting()).containsExactly("r1");
    assertThat(expiries.isDue("r1", MONTH)).isTrue();
  }

  @Test
  void look_setsTheTimeOfTheNext() {
    expiries.looked(read(), MONTH, Optional.of(clock.instant().plusSeconds(60)));
    assertThat(waiting()).isEmpty();
    assertThat(expiries.isDue("r1", MONTH)).isFalse();
    clock.step(Duration.ofSeconds(60));
    assertThat(waiting()).containsExactly("r1");
    assertThat(expiries.isDue("r1", MONTH)).isTrue();
  }

  @Test
  void look_thatFoundNothingToExpireEver_isTheLast() {
    expiries.looked(read(), MONTH, Optional.empty());
    clock.step(Duration.ofDays(10_000));
    assertThat(waiting()).isEmpty();
    assertThat(expiries.isDue("r1", MONTH)).isFalse();
  }

  @Test
  void look_atReplicaThatHasGotAnotherRetentionSince_leavesTheReminder() {
    Replica seen = read();
    replicas.settle(
        seen,
        new ReplicaSettings(
            Optional.of(new Retention.Bounded(Duration.ofDays(1), 1)), new RefSelection.All(), 5));
    assertThat(waiting()).containsExactly("r1");

    expiries.forget(seen);
    expiries.looked(seen, MONTH, Optional.empty());

    assertThat(waiting()).containsExactly("r1");
    expiries.forget(read());
    assertThat(waiting()).isEmpty();
  }

  @Test
  void retention_ofTheReplicasOwn_isNotTouchedByTheDestinations() {
    replicas.settle(
        read(),
        new ReplicaSettings(
            Optional.of(new Retention.Bounded(Duration.ofDays(1), 1)), new RefSelection.All(), 5));
    expiries.looked(read(), "own", Optional.of(clock.instant().plusSeconds(60)));

    expiries.retention(DESTINATION, Optional.empty());
    expiries.retention(DESTINATION, Optional.of(MONTH));

    assertThat(waiting()).isEmpty();
    clock.step(Duration.ofSeconds(60));
    assertThat(waiting()).containsExactly("r1");
  }

  @Test
  void retention_asBefore_leavesTheReminder() {
    expiries.looked(read(), MONTH, Optional.empty());
    expiries.retention(DESTINATION, Optional.of(MONTH));
    assertThat(waiting()).isEmpty();
  }

  @Test
  void retention_another_makesReplicasDueAtOnce() {
    expiries.looked(read(), MONTH, Optional.empty());
    expiries.retention(DESTINATION, Optional.of("P1D 1"));
    assertThat(waiting()).containsExactly("r1");
  }

  @Test
  void retention_foreverAgain_forgetsTheReminder() {
    expiries.looked(read(), MONTH, Optional.of(clock.instant()));
    expiries.retention(DESTINATION, Optional.empty());
    assertThat(waiting()).isEmpty();
  }

  @Test
  void views_haveNoSnapshots_andAreNeverDue() {
    database
        .jdbi()
        .useHandle(handle -> handle.execute("update replica set kind = 'VIEW' where id = 'r1'"));
    expiries.retention(DESTINATION, Optional.of(MONTH));
    assertThat(waiting()).isEmpty();
  }
}
