package io.twinberg.proxy.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.proxy.capture.OnLogFailure;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose replicas hold a removal. */
class HeldReplicasTest extends ExpiryGuardSuite {
  @ParameterizedTest
  @CsvSource({
    "paused = true,409,paused",
    "error_code = 'DESTINATION_DENIED' , 409, failed with DESTINATION_DENIED",
    "lifecycle = 'UNMATCHED',409,behind",
    "lifecycle = 'SOURCE_DROPPED',200,''",
    "lifecycle = 'ARCHIVED',200,''"
  })
  void replica_whateverBecameOfIt_holdsIfItGoesOn(String state, int status, String says)
      throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);
    log.set(replica, state + ", failed_since = current_timestamp");

    HttpResponse<String> answer = remove("3");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(says);
  }

  @Test
  void replica_atDestinationThatNoRuleNames_doesNotHold() throws Exception {
    start(OnLogFailure.FORWARD);
    log.replica(orders, "gone");

    assertThat(remove("1").statusCode()).isEqualTo(200);
  }

  @Test
  void replica_thatDoesNotExistYet_holds() throws Exception {
    rules.put(ORDERS, new HoldRule(List.of("eu", "us"), HOLD));
    rules.put(ITEMS, new HoldRule(List.of("eu"), HOLD));
    start(OnLogFailure.FORWARD);

    assertThat(remove("1").body()).contains("destination us", "no replica of it yet");
    HttpResponse<String> unseen =
        proxy.send("POST", ORDERS_PATH.replace("orders", "items"), removing("1"));
    assertThat(unseen.statusCode()).isEqualTo(409);
    assertThat(unseen.body()).contains("sales.items", "the log does not have the table");
  }

  @Test
  void table_thatTheSourceDropped_holdsNothing() throws Exception {
    start(OnLogFailure.FORWARD);
    log.tables().dropped(orders.id());

    assertThat(remove("77").statusCode()).isEqualTo(200);
  }

  @Test
  void history_onItsWay_holdsWhatThePublishedMetadataDoesNotList() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3, 4, 5);
    log.apply(orders, replica, OptionalLong.of(3), 2, 4, 5);

    assertThat(remove("1").statusCode()).as("still to come").isEqualTo(409);
    assertThat(remove("2").statusCode()).as("shown already").isEqualTo(200);
    assertThat(remove("4").statusCode()).as("after the history").isEqualTo(200);
  }

  @Test
  void version_whoseMetadataTheLogDoesNotKeep_isReadFromTheReplica() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commitTooLarge(orders);
    log.apply(orders, replica, OptionalLong.empty(), 1, 2, 3);

    assertThat(remove("3").statusCode()).isEqualTo(200);
    assertThat(remove("4").statusCode()).isEqualTo(409);
  }

  @Test
  void destination_thatIsDown_holdsWhatTheLogCannotProve() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commitTooLarge(orders);
    log.apply(orders, replica);

    assertThat(remove("1").statusCode()).isEqualTo(409);
  }
}
