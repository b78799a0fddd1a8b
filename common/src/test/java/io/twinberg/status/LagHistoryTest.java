package io.twinberg.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.twinberg.log.SourceTable;
import io.twinberg.log.TableVersion;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.Map;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lags that are added up from receipts, on whichever database. */
class LagHistoryTest extends DatabaseContract {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SETTLED = Duration.ofSeconds(16);

  private ReplicaWorld world;
  private LagHistory history;
  private SourceTable table;
  private Replica replica;

  @BeforeEach
  void open() {
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    history = new LagHistory(database, clock, Map.of("eu", Duration.ofMinutes(15)));
    table = world.table(SOURCE, TableIdentifier.of("n", "t"));
    replica = world.replica(table, "eu");
  }

  private void publishAfter(Duration lag) {
    TableVersion version = world.commit(table);
    clock.step(lag);
    world.publish(replica, version, "file:///r/" + version.position());
  }

  @Test
  void versions_withinTheWindow_haveTheirPercentilesAndTheObjectivesShare() {
    for (int i = 0; i < 9; i++) {
      publishAfter(Duration.ofSeconds(10));
    }
    publishAfter(Duration.ofMinutes(20));
    clock.step(SETTLED);

    LagFigures figures = history.atDestination("eu", HOUR);
    assertThat(figures.versions()).isEqualTo(10);
    assertThat(figures.files()).isEqualTo(10);
    assertThat(figures.bytes()).isEqualTo(10);
    assertThat((double) figures.median().toMillis()).isCloseTo(10_000, within(300.0));
    assertThat((double) figures.p99().toMillis()).isCloseTo(1_200_000, within(40_000.0));
    assertThat(figures.withinObjective().orElseThrow()).isEqualTo(0.9);
    assertThat(history.atDestination("us", HOUR).versions()).isZero();
  }

  @Test
  void versions_olderThanTheWindow_areForgottenAndYoungOnesAdded() {
    publishAfter(Duration.ofSeconds(10));
    clock.step(SETTLED);
    assertThat(history.atDestination("eu", HOUR).versions()).isEqualTo(1);
    clock.step(HOUR);
    publishAfter(Duration.ofSeconds(10));
    clock.step(SETTLED);
    assertThat(history.atDestination("eu", HOUR).versions()).isEqualTo(1);
    assertThat(history.atDestination("eu", DAY).versions()).isEqualTo(2);
    clock.step(DAY);
    assertThat(history.atDestination("eu", DAY).versions()).isZero();
    assertThat(history.atDestination("eu", DAY).withinObjective()).isEmpty();
  }

  @Test
  void lateVersions_sinceTheHistoryBegan_areCountedAndNeverForgotten() {
    publishAfter(Duration.ofMinutes(20));
    clock.step(SETTLED);
    LagHistory restarted =
        new LagHistory(database, clock, Map.of("eu", Duration.ofMinutes(15), "us", HOUR));
    publishAfter(Duration.ofMinutes(16));
    publishAfter(Duration.ofMinutes(15));
    clock.step(SETTLED);

    assertThat(restarted.late()).isEqualTo(Map.of("eu", 1L));
    assertThat(history.late()).isEqualTo(Map.of("eu", 2L));
    clock.step(DAY.multipliedBy(2));
    assertThat(history.atDestination("eu", DAY).versions()).isZero();
    assertThat(history.late()).isEqualTo(Map.of("eu", 2L));
    assertThat(restarted.late()).isEqualTo(Map.of("eu", 1L));
  }

  @Test
  void versions_ofASource_countAtEachDestinationAgainstItsObjective() {
    Replica farther = world.replica(table, "us");
    SourceTable other = world.table("other", TableIdentifier.of("n", "t2"));
    Replica ofOther = world.replica(other, "eu");
    TableVersion version = world.commit(table);
    clock.step(Duration.ofSeconds(10));
    world.publish(replica, version, "file:///r/near");
    clock.step(Duration.ofMinutes(20));
    world.publish(farther, version, "file:///r/far");
    TableVersion second = world.commit(other);
    clock.step(Duration.ofMinutes(30));
    world.publish(ofOther, second, "file:///r/other");
    clock.step(SETTLED);

    LagFigures figures = history.ofSource(SOURCE, HOUR);
    assertThat(figures.versions()).isEqualTo(2);
    assertThat(figures.files()).isEqualTo(2);
    assertThat(figures.bytes()).isEqualTo(2);
    assertThat((double) figures.median().toMillis()).isCloseTo(10_000, within(300.0));
    assertThat((double) figures.p99().toMillis()).isCloseTo(1_210_000, within(40_000.0));
    // Of the two destinations one has an objective, which the version met there.
    assertThat(figures.withinObjective().orElseThrow()).isEqualTo(1.0);
    assertThat(history.ofSource("other", HOUR).withinObjective().orElseThrow()).isZero();
    assertThat(history.atDestination("eu", HOUR).withinObjective().orElseThrow()).isEqualTo(0.5);
    assertThat(history.atDestination("us", HOUR).withinObjective()).isEmpty();
    clock.step(HOUR);
    assertThat(history.ofSource(SOURCE, HOUR).versions()).isZero();
    assertThat(history.ofSource(SOURCE, DAY).versions()).isEqualTo(2);
    clock.step(DAY);
    assertThat(history.ofSource(SOURCE, DAY).versions()).isZero();
  }

  @Test
  void backfill_ofWhatWasThereBefore_doesNotCount() {
    SourceTable old = world.table(SOURCE, TableIdentifier.of("n", "old"));
    TableVersion version = world.commit(old);
    clock.step(HOUR);
    Replica late = world.replica(old, "eu");
    world.publish(late, version, "file:///r/late");
    clock.step(SETTLED);
    assertThat(history.atDestination("eu", DAY).versions()).isZero();
  }
}
