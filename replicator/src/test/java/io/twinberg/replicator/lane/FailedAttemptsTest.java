package io.twinberg.replicator.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailures;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

class FailedAttemptsTest extends DatabaseContract {
  private static final Duration LEASE = Duration.ofMinutes(1);

  private final AttemptTimes times = new AttemptTimes();

  @Test
  void attempt_thatFailed_isDueAgainWhenItsRowSaysSo() {
    ReplicaWorld world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    Replica replica = world.replica(world.table(SOURCE, TableIdentifier.of("n", "a")), "eu");
    Leases leases = new Leases(database);
    Lease lease = leases.claim(Lease.ofReplica(replica.id()), "me", LEASE).orElseThrow();
    RetryWaits waits = new RetryWaits(Duration.ofSeconds(8), Duration.ofMinutes(1), new Random(7));

    new FailedAttempts(
            world.replicas(), new ReplicaFailures(database, clock), tables, waits, times, clock)
        .add(
            replica,
            lease,
            Failures.of(new IllegalStateException("no network"), replica, clock.instant()),
            OptionalLong.empty());

    Duration wait =
        Duration.between(
            clock.instant(), world.replicas().find(replica.id()).orElseThrow().nextAttemptAt());
    assertThat(wait).isPositive();
    assertThat(times.removeDue(clock.instant().plus(wait).minusMillis(1))).isFalse();
    assertThat(times.removeDue(clock.instant().plus(wait).plusMillis(1))).isTrue();
  }
}
