package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What happened while no process ran is found at the start, however seldom the source is looked at.
 */
class SweepAtStartTest extends UpstreamSuite {
  @Test
  void commit_whileNothingRan_isFoundAtTheNextStart() {
    world.interval(Duration.ofHours(1)).start();
    truth.awaitReplica(ORDERS);
    world.stop();
    orders.newFastAppend().appendFile(RawCommit.file(orders)).commit();

    world.start();

    truth.assertCaptured(ORDERS);
    assertThat(world.log().origins(ORDERS)).last().isEqualTo("BYPASS");
  }
}
