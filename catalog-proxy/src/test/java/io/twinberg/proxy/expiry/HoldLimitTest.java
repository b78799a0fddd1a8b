package io.twinberg.proxy.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.twinberg.proxy.capture.OnLogFailure;
import io.twinberg.replica.Replica;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a removal is held. */
class HoldLimitTest extends ExpiryGuardSuite {
  @Test
  void limit_over_letsTheCommitGoCountedAndLogged() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);
    assertThat(remove("3").statusCode()).isEqualTo(409);
    clock.step(HOLD.minusMillis(1));
    assertThat(remove("3").statusCode()).isEqualTo(409);

    clock.step(Duration.ofMillis(1));

    assertThat(remove("3").statusCode()).isEqualTo(200);
    assertThat(upstream.received()).hasSize(1);
    assertThat(refused()).isEqualTo(2);
    assertThat(released()).isEqualTo(1);
    assertThat(warnings()).isEqualTo(1);
  }

  @Test
  void limit_over_holdsForReplicaThatStandsStillNoMore() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);
    remove("3");
    clock.step(Duration.ofDays(1));

    assertThat(remove("3").statusCode()).isEqualTo(200);
    log.commit(orders, 1, 2, 4);
    assertThat(remove("4").statusCode()).as("still stuck").isEqualTo(200);
    assertThat(released()).isEqualTo(2);
  }

  @Test
  void hold_thatNobodyCameBackTo_beginsAnewForReplicaThatHasMovedOn() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);
    remove("3");
    log.apply(orders, replica);
    log.commit(orders, 1, 2, 3, 4);

    clock.step(HOLD);
    assertThat(remove("4").statusCode()).as("asked within the hold").isEqualTo(200);
    clock.step(HOLD.plusMillis(1));
    assertThat(remove("4").statusCode()).isEqualTo(409);
  }

  @Test
  void hold_thatEnded_beginsAnew() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);
    assertThat(remove("3").statusCode()).isEqualTo(409);
    log.apply(orders, replica);
    assertThat(remove("3").statusCode()).isEqualTo(200);
    log.commit(orders, 1, 2, 4);
    clock.step(HOLD);

    assertThat(remove("4").statusCode()).isEqualTo(409);
  }

  @Test
  void limit_overInAnotherProcess_letsTheCommitGo() throws Exception {
    start(OnLogFailure.REJECT);
    log.commit(orders, 1, 2, 3);
    assertThat(remove("3").statusCode()).isEqualTo(409);
    clock.step(HOLD.minusMillis(1));

    restart(OnLogFailure.REJECT);

    assertThat(remove("3").statusCode()).isEqualTo(409);
    clock.step(Duration.ofMillis(1));
    assertThat(remove("3").statusCode()).isEqualTo(200);
  }

  /** Jobs that each remove all but the newest snapshots, of a table that is never at rest. */
  @Test
  void removals_thatAlwaysComeEarly_areHeldAgainAfterTheyWereLetGo() throws Exception {
    start(OnLogFailure.FORWARD);
    List<Integer> answers = new ArrayList<>();
    for (int job = 3; job < 13; job++) {
      log.commit(orders, 1, 2, job);
      answers.add(remove(String.valueOf(job)).statusCode());
      log.apply(orders, replica);
      clock.step(HOLD.dividedBy(2));
    }

    assertThat(answers).containsExactly(409, 409, 200, 200, 200, 409, 409, 200, 200, 200);
  }

  @Test
  void destinationThatIsLetGo_takesNoHoldFromAnother() throws Exception {
    rules.put(ORDERS, new HoldRule(List.of("eu", "us"), HOLD));
    start(OnLogFailure.FORWARD);
    Replica us = log.replica(orders, "us");
    log.apply(orders, us);
    log.commit(orders, 1, 2, 3);
    log.apply(orders, us);
    assertThat(remove("3").statusCode()).isEqualTo(409);
    clock.step(HOLD);
    log.commit(orders, 1, 2, 3, 4);

    HttpResponse<String> held = remove("4");
    assertThat(held.statusCode()).isEqualTo(409);
    assertThat(held.body()).contains("destination us").doesNotContain("destination eu");

    log.apply(orders, us);
    assertThat(remove("4").statusCode()).isEqualTo(200);
    assertThat(released()).isEqualTo(1);
  }

  private long warnings() {
    return logged.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .filter(event -> event.getFormattedMessage().contains("let go"))
        .count();
  }
}
