package io.twinberg.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.SourceTable;
import io.twinberg.log.TableVersion;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A replica's row is read in two ways: with those of all others to be chosen, and with those of a
 * page to be shown. Whatever has happened to it, on whichever database, both must say the same.
 */
class ReplicaScanTest extends DatabaseContract {
  private static final int REPLICAS = 50;
  private static final CheckIntervals INTERVALS =
      new CheckIntervals(Duration.ofMinutes(1), Duration.ofMinutes(15));

  private final Random random = new Random(20260304);
  private ReplicaWorld world;

  @BeforeEach
  void open() {
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
  }

  @Test
  void replicas_whateverHappenedToThem_standInTheListAsOnTheirPage() {
    List<Replica> lived =
        IntStream.range(0, REPLICAS)
            .mapToObj(i -> live(TableIdentifier.of("n" + i % 3, "t" + i)))
            .toList();
    // Last of all, since leases end by the database's clock.
    lived.stream().filter(replica -> random.nextBoolean()).forEach(world::claim);
    Instant now = clock.instant();
    ReplicaReadings readings = new ReplicaReadings(database, clock, INTERVALS, Runnable::run);
    ReplicaStatuses statuses = new ReplicaStatuses(database, clock, INTERVALS, readings);
    Map<String, ReplicaStatus> shown =
        statuses.page(StatusList.ALL, Optional.empty(), REPLICAS).replicas().stream()
            .collect(Collectors.toMap(ReplicaStatus::replicaId, Function.identity()));

    List<ListedReplica> listed = readings.now().replicas();

    assertThat(listed)
        .hasSize(REPLICAS)
        .allSatisfy(replica -> agree(replica, shown.get(replica.id()), now));
    assertThat(listed).extracting(ListedReplica::state).contains(ReplicaState.values());
    assertThat(listed).extracting(ListedReplica::lifecycle).contains(ReplicaLifecycle.values());
    assertThat(listed).extracting(ListedReplica::lagVersions).contains(0L, 1L, 2L);
    assertThat(listed).extracting(one -> one.appliedAt().isPresent()).contains(true, false);
  }

  private Replica live(TableIdentifier name) {
    SourceTable table = world.table(SOURCE, name);
    Replica replica = world.replica(table, "eu");
    if (likely()) {
      TableVersion version = world.commit(table);
      if (likely()) {
        world.publish(replica, version, "file:///r/" + name.name());
      }
      if (random.nextBoolean()) {
        world.fail(replica, "DESTINATION_DENIED", random.nextBoolean());
      }
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      clock.step(Duration.ofSeconds(random.nextInt(30)));
      world.checked(table);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      clock.step(Duration.ofSeconds(random.nextInt(30)));
      world.commit(table);
    }
    end(table, replica);
    return replica;
  }

  private boolean likely() {
    return random.nextInt(4) > 0;
  }

  private void end(SourceTable table, Replica replica) {
    switch (random.nextInt(8)) {
      case 0 -> world.replicas().archive(table.id());
      case 1 -> world.replicas().unmatched(replica.id());
      case 2 -> world.replicas().sourceDropped(table.id());
      default -> {}
    }
  }

  private static void agree(ListedReplica listed, ReplicaStatus shown, Instant now) {
    assertThat(listed.state()).isEqualTo(shown.state());
    assertThat(listed.lifecycle()).isEqualTo(shown.lifecycle());
    assertThat(listed.name()).isEqualTo(shown.target().name());
    assertThat(listed.tableName()).isEqualTo(shown.table().name());
    assertThat(listed.needsPerson()).isEqualTo(shown.needsPerson());
    assertThat(listed.appliedAt()).isEqualTo(shown.lastApplied().map(applied -> applied.at()));
    Duration age = listed.lagSince().map(at -> Duration.between(at, now)).orElse(Duration.ZERO);
    assertThat(shown.lag()).isEqualTo(new ReplicaStatus.Lag(listed.lagVersions(), age));
  }
}
