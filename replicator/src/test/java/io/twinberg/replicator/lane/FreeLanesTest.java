package io.twinberg.replicator.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.DataSize;
import io.twinberg.config.RefSelection;
import io.twinberg.log.EntryKind;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.ReplicaSettings;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FreeLanesTest {
  static final Replica USUAL = replica(ReplicaSettings.NONE);
  static final Replica LIMITED =
      replica(
          new ReplicaSettings(
              Optional.empty(), new RefSelection.All(), 5, Optional.of(new DataSize(64 << 10))));

  private static Replica replica(ReplicaSettings settings) {
    return new Replica(
        "0a",
        EntryKind.TABLE,
        1,
        "main",
        "eu",
        TableIdentifier.of("n", "t"),
        "file:/r",
        ReplicaLifecycle.ACTIVE,
        false,
        0,
        0,
        Optional.empty(),
        OptionalLong.empty(),
        0,
        OptionalLong.empty(),
        settings,
        new RefSelection.All(),
        0,
        0,
        OptionalLong.empty(),
        Instant.EPOCH,
        Optional.empty(),
        Instant.EPOCH);
  }

  @Test
  void take_byLimitedReplicas_getsHalfAndLeavesTheRestToOthers() throws InterruptedException {
    FreeLanes lanes = new FreeLanes(5);
    assertThat(lanes.take(LIMITED)).isTrue();
    assertThat(lanes.haveOneForLimited()).isTrue();
    assertThat(lanes.take(LIMITED)).isTrue();

    assertThat(lanes.haveOneForLimited()).isFalse();
    assertThat(lanes.take(LIMITED)).isFalse();
    for (int i = 0; i < 3; i++) {
      assertThat(lanes.take(USUAL)).isTrue();
    }

    lanes.giveBack(USUAL);
    assertThat(lanes.take(LIMITED)).as("another one's lane").isFalse();
    lanes.giveBack(LIMITED);
    assertThat(lanes.take(LIMITED)).isTrue();
  }

  @Test
  void take_byALimitedReplica_getsTheOnlyLane() throws InterruptedException {
    FreeLanes lanes = new FreeLanes(1);
    assertThat(lanes.take(LIMITED)).isTrue();
    assertThat(lanes.take(LIMITED)).isFalse();
    lanes.giveBack(LIMITED);
    assertThat(lanes.take(USUAL)).isTrue();
  }
}
