package io.twinberg.proxy.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.SourceTable;
import io.twinberg.proxy.capture.OnLogFailure;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which commits are held, and what their clients are told. */
class ExpiryGuardTest extends ExpiryGuardSuite {
  private static final String TRANSACTION = "/v1/prod/transactions/commit";

  @Test
  void removal_ofWhatIsNotApplied_isRefusedBeforeAnythingIsWrittenOrSent() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);

    HttpResponse<String> answer = remove("1,3");

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body())
        .isEqualTo(
            "{\"error\":{\"message\":\"The commit removes snapshots too early: table sales.orders: destination eu has"
                + " not applied snapshot 3 yet; its replica is 1 version behind since 2026-03-04T05:06:07Z. Nothing"
                + " was sent; load the table and try again. It is let through at 2026-03-04T05:21:07Z at the"
                + " latest.\",\"type\":\"CommitFailedException\",\"code\":409}}");
    assertThat(upstream.received()).isEmpty();
    assertThat(proxy.intents()).isEmpty();
    assertThat(proxy.events()).isEmpty();
    assertThat(refused()).isEqualTo(1);
    assertThat(released()).isZero();

    log.apply(orders, replica);
    assertThat(remove("1,3").statusCode()).isEqualTo(200);
    assertThat(upstream.received()).hasSize(1);
    assertThat(proxy.intents()).hasSize(1);
  }

  @Test
  void removal_ofWhatIsApplied_passesHoweverFarTheReplicaIsBehind() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);
    log.commit(orders, 1, 2, 3, 4);

    assertThat(remove("1,2").statusCode()).isEqualTo(200);

    assertThat(upstream.received()).hasSize(1);
    assertThat(refused()).isZero();
    assertThat(released()).isZero();
  }

  @Test
  void removal_withoutRule_passes() throws Exception {
    rules.clear();
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);

    assertThat(remove("3").statusCode()).isEqualTo(200);
  }

  @Test
  void removal_ofWhatTheLogDoesNotShow_isRefusedAndTheSourceLookedAtSoon() throws Exception {
    start(OnLogFailure.FORWARD);
    log.checks().postpone(orders.id(), Duration.ofMinutes(10));

    assertThat(remove("77").statusCode()).isEqualTo(409);

    assertThat(log.checks().due("prod", 10)).map(SourceTable::id).containsExactly(orders.id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"updates\":[{\"snapshot-ids\":[3],\"action\":\"remove-snapshots\"}],\"requirements\":[]}",
        "{\"updates\":[{\"action\":\"remove\\u002dsnapshots\",\"snapshot-ids\":[3]}]}",
        "{\"identifier\":{\"namespace\":[],\"name\":\"x\"},\"updates\":[{\"action\":\"remove-snapshots\",\"x\":{},"
            + "\"snapshot-ids\":[1]},{\"action\":\"remove-snapshots\",\"snapshot-ids\":[3]}]}"
      })
  void removal_howeverItIsWritten_isFound(String body) throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);

    assertThat(proxy.send("POST", ORDERS_PATH, body).statusCode()).isEqualTo(409);
  }

  @Test
  void removal_inCompressedBody_isFound() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(removing("3").getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(proxy.base() + ORDERS_PATH))
                    .header("Content-Encoding", "gzip")
                    .POST(BodyPublishers.ofByteArray(zipped.toByteArray()))
                    .build(),
                BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(409);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"updates\":[{\"action\":\"remove-statistics\",\"snapshot-id\":3,\"snapshot-ids\":[3]}]}",
        "{\"updates\":[{\"action\":\"remove-snapshots\",\"snapshot-ids\":[]}]}",
        "{\"updates\":[{\"action\":\"set-properties\",\"updates\":{\"action\":\"remove-snapshots\"}}]}",
        "{\"requirements\":[{\"action\":\"remove-snapshots\",\"snapshot-ids\":[3]}]}",
        "[]",
        "no json"
      })
  void otherBody_passes(String body) throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);

    assertThat(proxy.send("POST", ORDERS_PATH, body).statusCode()).isEqualTo(200);
  }

  @Test
  void transaction_oneMemberUnapplied_isRefusedWhole() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);

    HttpResponse<String> answer =
        proxy.send("POST", TRANSACTION, transaction(ITEMS, removing("9"), ORDERS, removing("3")));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body())
        .contains("CommitFailedException", "sales.orders")
        .doesNotContain("items");
    assertThat(upstream.received()).isEmpty();
    assertThat(proxy.intents()).isEmpty();
  }

  @Test
  void transaction_unappliedOnlyWhereNothingIsHeld_passes() throws Exception {
    start(OnLogFailure.FORWARD);
    log.commit(orders, 1, 2, 3);

    HttpResponse<String> answer =
        proxy.send("POST", TRANSACTION, transaction(ITEMS, removing("3"), ORDERS, removing("1")));

    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void commit_thatRemovesNothingOrHasNoRule_asksTheDatabaseNothing() throws Exception {
    start(OnLogFailure.REJECT);
    hideTables();

    assertThat(proxy.send("POST", ORDERS_PATH, "{\"updates\":[]}").statusCode()).isEqualTo(200);
    assertThat(
            proxy.send("POST", ORDERS_PATH.replace("orders", "items"), removing("1")).statusCode())
        .isEqualTo(200);
    assertThat(remove("1").statusCode()).as("the switch works").isEqualTo(503);
  }

  @Test
  void databaseDown_reject_isRefusedAsCommitsAre() throws Exception {
    start(OnLogFailure.REJECT);
    hideTables();

    HttpResponse<String> answer = remove("1");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(upstream.received()).isEmpty();
    assertThat(released()).isZero();
  }

  @Test
  void databaseDown_forward_isLetGoAndCounted() throws Exception {
    start(OnLogFailure.FORWARD);
    proxy.closeDatabase();

    assertThat(remove("3").statusCode()).isEqualTo(200);

    assertThat(upstream.received()).hasSize(1);
    assertThat(released()).isEqualTo(1);
    assertThat(logged.list).anyMatch(event -> event.getFormattedMessage().contains("not known"));
  }

  private static String transaction(
      TableIdentifier one, String change, TableIdentifier other, String otherChange) {
    return "{\"table-changes\":[" + named(one, change) + "," + named(other, otherChange) + "]}";
  }

  /** Iceberg writes the identifier first, others may write it last. */
  private static String named(TableIdentifier table, String change) {
    return change.substring(0, change.length() - 1)
        + ",\"identifier\":{\"namespace\":[\""
        + table.namespace()
        + "\"],\"name\":\""
        + table.name()
        + "\"}}";
  }

  private void hideTables() {
    proxy
        .database()
        .jdbi()
        .useHandle(handle -> handle.execute("alter table source_table rename to hidden"));
  }
}
