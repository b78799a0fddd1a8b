package io.twinberg.proxy.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.twinberg.log.SourceTable;
import io.twinberg.proxy.capture.OnLogFailure;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.TestProxy;
import io.twinberg.replica.Replica;
import io.twinberg.testing.SteppedClock;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Commits that remove snapshots, through a whole proxy with a real log. */
class ExpiryGuardTest {
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");
  private static final TableIdentifier ITEMS = TableIdentifier.of("sales", "items");
  private static final String ORDERS_PATH = "/v1/prod/namespaces/sales/tables/orders";
  private static final String TRANSACTION = "/v1/prod/transactions/commit";
  private static final Duration HOLD = Duration.ofMinutes(15);

  @TempDir Path folder;

  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-04T05:06:07Z"));
  private final Map<TableIdentifier, HoldRule> rules =
      new HashMap<>(Map.of(ORDERS, new HoldRule(List.of("eu"), HOLD)));
  private final FakeUpstream upstream = new FakeUpstream();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private TestProxy proxy;
  private LoggedTables log;
  private SourceTable orders;
  private Replica replica;

  /** A table with snapshots 1 and 2, both applied. */
  private void start(OnLogFailure onLogFailure) {
    proxy =
        new TestProxy(
            folder,
            upstream.uri(),
            onLogFailure,
            (settings, database, registry) -> {
              log = new LoggedTables(database, clock);
              return new ExpiryGuard(
                  settings,
                  table -> Optional.ofNullable(rules.get(table)),
                  log.unapplied(),
                  registry,
                  clock);
            });
    orders = log.table(ORDERS);
    replica = log.replica(orders, "eu");
    log.commit(orders, 1, 2);
    log.apply(orders, replica);
    logged.start();
    logger().addAppender(logged);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(ExpiryGuard.class);
  }

  @AfterEach
  void stop() {
    logger().detachAppender(logged);
    proxy.close();
    upstream.close();
  }

  private static String removing(String ids) {
    return "{\"requirements\":[],\"updates\":[{\"action\":\"set-properties\",\"updates\":{}},"
        + "{\"action\":\"remove-snapshots\",\"snapshot-ids\":["
        + ids
        + "]}]}";
  }

  private HttpResponse<String> remove(String ids) throws Exception {
    return proxy.send("POST", ORDERS_PATH, removing(ids));
  }

  private double refused() {
    return proxy.counted("expiry.guard.refused", "source", "prod", "destination", "eu");
  }

  private double released() {
    return proxy.counted("expiry.guard.released", "source", "prod", "destination", "eu");
  }

  private long warnings() {
    return logged.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .filter(event -> event.getFormattedMessage().contains("let go"))
        .count();
  }

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
    log.tables().postpone(orders.id(), Duration.ofMinutes(10));

    assertThat(remove("77").statusCode()).isEqualTo(409);

    assertThat(log.tables().due("prod", 10)).map(SourceTable::id).containsExactly(orders.id());
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

  private void hideTables() {
    proxy
        .database()
        .jdbi()
        .useHandle(handle -> handle.execute("alter table source_table rename to hidden"));
  }
}
