package io.twinberg.command;

import static io.twinberg.command.SourceTruth.eventually;
import static io.twinberg.testing.UpstreamFault.later;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.testing.JumpingClock;
import io.twinberg.testing.UpstreamFault.Reply;
import io.twinberg.testing.UpstreamRule;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the clock while commits are under way. */
class ClockJumpTest extends UpstreamSuite {
  private final JumpingClock clock = new JumpingClock();

  @BeforeEach
  void start() {
    world.clock(clock).start();
    truth.awaitReplica(ORDERS);
  }

  private RawCommit append() {
    return RawCommit.append(ORDERS, orders);
  }

  private void assertIntent(RawCommit commit, String state) {
    eventually(() -> assertThat(world.log().intents(commit.requestId())).containsExactly(state));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1})
  void commits_beforeAndAfterAJump_areLoggedInTheirOrder(long hours) {
    for (int i = 0; i < 4; i++) {
      RawCommit commit = append();
      assertThat(commit.send(world.port()).statusCode()).isEqualTo(200);
      clock.jump(Duration.ofHours(i % 2 == 0 ? hours : -hours));
      assertIntent(commit, "LOGGED");
    }
    truth.assertCaptured(ORDERS);
    assertThat(truth.snapshots(ORDERS)).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1})
  void bypassCommit_afterAJump_isFound(long hours) {
    clock.jump(Duration.ofHours(hours));
    orders.newFastAppend().appendFile(RawCommit.file(orders)).commit();
    truth.assertCaptured(ORDERS);
    assertThat(world.log().origins(ORDERS)).last().isEqualTo("BYPASS");
  }

  @Test
  void commitOfUnknownOutcome_clockIsSetBack_isExplainedSoon() {
    world.upstream().plan().add(UpstreamRule.of(later(Reply.STATUS_504)).on("POST", ""));
    RawCommit commit = append();
    assertThat(commit.send(world.port()).statusCode()).isEqualTo(504);
    assertIntent(commit, "UNKNOWN");

    clock.jump(Duration.ofHours(-1));
    world.upstream().deliverHeld();

    assertIntent(commit, "LOGGED");
    truth.assertCaptured(ORDERS);
  }

  /** Nobody can tell by such a clock how long it may still turn up; the sweep finds it. */
  @Test
  void commitOfUnknownOutcome_clockIsSetForward_isFoundWhenItLands() {
    world.upstream().plan().add(UpstreamRule.of(later(Reply.STATUS_504)).on("POST", ""));
    RawCommit commit = append();
    assertThat(commit.send(world.port()).statusCode()).isEqualTo(504);

    clock.jump(Duration.ofHours(1));
    assertIntent(commit, "ABANDONED");
    world.upstream().deliverHeld();

    truth.assertCaptured(ORDERS);
    assertThat(world.log().snapshots(ORDERS)).containsExactly(commit.snapshot());
  }
}
