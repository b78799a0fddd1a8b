package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.SourceTable;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PausesTest extends DatabaseContract {
  private static final Paused EU =
      new Paused(Optional.empty(), Optional.of("eu"), Optional.empty());
  private static final Paused OF_SOURCE =
      new Paused(Optional.of(SOURCE), Optional.empty(), Optional.empty());

  private Pauses pauses;
  private Replicas replicas;
  private Leases leases;

  @BeforeEach
  void open() {
    pauses = new Pauses(database, clock);
    replicas = new Replicas(database, clock);
    leases = new Leases(database);
    create("orders", "eu");
    create("orders", "us");
  }

  private void create(String name, String destination) {
    TableIdentifier table = TableIdentifier.of("sales", name);
    SourceTable known = tables.discover(SOURCE, "", table, "u-" + name, "s3://lake/" + name, false);
    String id = name + "-" + destination;
    replicas.create(
        new NewReplica(
            id, known.id(), SOURCE, destination, table, "file:/replica/" + id, List.of()));
  }

  private boolean paused(String id) {
    return replicas.find(id).orElseThrow().paused();
  }

  private Map<PauseScope, Long> byScope() {
    return new TargetedReplicas(database).paused(ReplicaTarget.ALL);
  }

  @Test
  void destination_paused_takesInItsReplicasAndThoseThatComeLater() {
    pauses.pause(List.of(EU), "ops");
    create("items", "eu");
    create("items", "us");

    assertThat(paused("orders-eu")).isTrue();
    assertThat(paused("orders-us")).isFalse();
    assertThat(paused("items-eu")).as("made later").isTrue();
    assertThat(paused("items-us")).isFalse();
    assertThat(byScope()).containsExactly(Map.entry(PauseScope.DESTINATION, 2L));

    pauses.resume(List.of(EU));
    assertThat(byScope()).isEmpty();
    assertThat(paused("items-eu")).isFalse();
  }

  @Test
  void replica_pausedTwice_staysPausedUntilBothAreResumed() {
    pauses.pause(List.of(Paused.replica("orders-eu")), "ops");
    assertThat(byScope()).containsExactly(Map.entry(PauseScope.TABLE, 1L));
    pauses.pause(List.of(OF_SOURCE), "ops");
    assertThat(byScope()).as("the widest is named").containsOnlyKeys(PauseScope.SOURCE);

    pauses.resume(List.of(OF_SOURCE));
    assertThat(paused("orders-eu")).isTrue();
    assertThat(paused("orders-us")).isFalse();
    pauses.resume(List.of(Paused.replica("orders-eu")));
    assertThat(paused("orders-eu")).isFalse();
  }

  @Test
  void everything_paused_isPausedAndResumedWhateverPausedIt() {
    pauses.pause(List.of(EU, Paused.ALL), "ops");
    pauses.pause(List.of(EU), "ops");
    create("items", "us");
    assertThat(byScope()).containsExactly(Map.entry(PauseScope.ALL, 3L));

    pauses.resume(List.of(Paused.ALL));
    assertThat(byScope()).containsExactly(Map.entry(PauseScope.DESTINATION, 1L));
    pauses.resumeAll();
    assertThat(byScope()).isEmpty();
    assertThat(rows("pause")).isZero();
  }

  @Test
  void sourceAtDestination_paused_takesInNothingElse() {
    pauses.pause(
        List.of(new Paused(Optional.of(SOURCE), Optional.of("us"), Optional.empty())), "ops");
    assertThat(byScope()).containsExactly(Map.entry(PauseScope.SOURCE_AT_DESTINATION, 1L));
    assertThat(paused("orders-us")).isTrue();
    pauses.resume(List.of(EU));
    assertThat(paused("orders-us")).isTrue();
  }

  @Test
  void pausedReplica_isNotWaitingAndItsLeaseIsSeen() {
    Lease lease =
        leases.claim(Lease.ofReplica("orders-eu"), "lane", Duration.ofMinutes(1)).orElseThrow();
    assertThat(leases.claim(Lease.ofReplica("orders-us"), "lane", Duration.ofMinutes(1)))
        .isPresent();
    assertThat(pauses.workedOn()).isEmpty();
    assertThat(replicas.going(List.of("orders-eu", "orders-us")))
        .containsOnlyKeys("orders-eu", "orders-us");

    pauses.pause(List.of(EU), "ops");

    assertThat(pauses.workedOn()).containsExactly("orders-eu");
    assertThat(replicas.going(List.of("orders-eu", "orders-us"))).containsOnlyKeys("orders-us");
    leases.release(lease);
    assertThat(pauses.workedOn()).isEmpty();
  }
}
