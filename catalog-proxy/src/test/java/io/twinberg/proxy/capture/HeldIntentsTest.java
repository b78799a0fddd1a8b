package io.twinberg.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeldIntentsTest {
  private final HeldIntents held = new HeldIntents();

  @Test
  void lost_intentThatNobodyHolds_isFoundAtTheSecondLook() {
    assertThat(held.lost(List.of(1L))).isEmpty();
    assertThat(held.lost(List.of(1L, 2L))).containsExactly(1L);
    assertThat(held.lost(List.of(2L))).containsExactly(2L);
  }

  @Test
  void lost_intentSeenBeforeItsNumberIsKnown_isNotLost() {
    long opening = held.begin();
    assertThat(held.lost(List.of(1L))).isEmpty();
    assertThat(held.lost(List.of(1L))).as("it is still being opened").isEmpty();

    held.hold(1);
    held.end(opening);
    assertThat(held.lost(List.of(1L))).isEmpty();
    assertThat(held.lost(List.of(1L))).isEmpty();
  }

  @Test
  void lost_openingThatNeverEndsButBeganLater_holdsUpNothing() {
    assertThat(held.lost(List.of(1L))).isEmpty();
    held.begin();
    assertThat(held.lost(List.of(1L))).containsExactly(1L);
  }

  @Test
  void lost_openingThatFailed_isFoundOnceItHasEnded() {
    long opening = held.begin();
    assertThat(held.lost(List.of(1L))).isEmpty();
    held.end(opening);
    assertThat(held.lost(List.of(1L))).containsExactly(1L);
  }

  @Test
  void lost_intentHeldTwice_isLostWithTheLastHold() {
    held.hold(1);
    held.hold(1);
    held.release(1);
    assertThat(held.lost(List.of(1L))).isEmpty();
    assertThat(held.lost(List.of(1L))).isEmpty();
    held.release(1);
    assertThat(held.lost(List.of(1L))).isEmpty();
    assertThat(held.lost(List.of(1L))).containsExactly(1L);
  }

  @Test
  void lost_intentThatWasSettledMeanwhile_isNotLost() {
    assertThat(held.lost(List.of(1L))).isEmpty();
    assertThat(held.lost(List.of())).isEmpty();
  }
}
