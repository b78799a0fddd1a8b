package io.twinberg.command;

import static io.twinberg.command.SourceTruth.eventually;
import static io.twinberg.testing.UpstreamFault.after;
import static io.twinberg.testing.UpstreamFault.before;
import static io.twinberg.testing.UpstreamFault.later;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.RestAssured;
import io.twinberg.fault.CrashPoints;
import io.twinberg.testing.UpstreamFault.Reply;
import io.twinberg.testing.UpstreamRule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

/**
 * What can happen to a commit besides the faults of {@link UpstreamFaultsTest}, through a whole
 * server.
 */
class CommitHazardsTest extends UpstreamSuite {
  private static final TableIdentifier LINES = UpstreamWorld.id("lines");

  private void assertIntent(String requestId, String... states) {
    eventually(() -> assertThat(world.log().intents(requestId)).containsExactly(states));
  }

  /** Its answer, for which nobody waits any more, is recorded all the same. */
  @Test
  void client_goesAwayWhileItsCommitIsForwarded_commitIsLogged() throws IOException {
    world.start();
    world.upstream().plan().add(UpstreamRule.of(after(Reply.SLOW)).on("POST", ""));
    RawCommit commit = RawCommit.append(ORDERS, orders);
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), world.port())) {
      String head =
          "POST /catalogs/prod/v1/prod%s HTTP/1.1\r\nHost: h\r\nX-Request-ID: gone\r\nContent-Length: %d\r\n\r\n"
              .formatted(commit.path(), commit.body().length());
      client.getOutputStream().write((head + commit.body()).getBytes(StandardCharsets.UTF_8));
      eventually(() -> assertThat(world.upstream().exchanges("POST", "orders")).hasSize(1));
    }
    assertIntent("gone", "LOGGED");
    assertThat(world.log().strings("select status from intent where request_id = 'gone'"))
        .containsExactly("200");
    truth.assertCaptured(ORDERS);
  }

  /** The catalog refuses the second copy; the first one, of which nobody hears, has landed. */
  @Test
  void client_repeatsItsCommitWhileTheFirstIsInFlight_isLoggedOnce() {
    world.forwardTimeout(Duration.ofSeconds(10)).start();
    world.upstream().plan().add(UpstreamRule.of(after(Reply.HANG)).on("POST", "").times(1));
    RawCommit commit = RawCommit.append(ORDERS, orders);
    CompletableFuture<HttpResponse<String>> first =
        CompletableFuture.supplyAsync(() -> commit.send(world.port()));
    eventually(
        () ->
            assertThat(world.upstream().exchanges("POST", "orders"))
                .anyMatch(exchange -> exchange.done()));

    assertThat(commit.send(world.port()).statusCode()).isEqualTo(409);
    assertThat(first.join().statusCode()).isEqualTo(504);
    assertIntent(commit.requestId(), "LOGGED", "REJECTED");
    truth.assertCaptured(ORDERS);
    assertThat(world.log().snapshots(ORDERS)).containsExactly(commit.snapshot());
  }

  @Test
  void commit_landsAfterTheSettlingTime_isFoundByTheSweep() {
    world.settle(Duration.ofSeconds(1)).start();
    world.upstream().plan().add(UpstreamRule.of(later(Reply.STATUS_504)).on("POST", ""));
    RawCommit commit = RawCommit.append(ORDERS, orders);
    assertThat(commit.send(world.port()).statusCode()).isEqualTo(504);
    assertIntent(commit.requestId(), "ABANDONED");
    truth.assertCaptured(ORDERS);

    world.upstream().deliverHeld();

    truth.assertCaptured(ORDERS);
    assertThat(world.log().snapshots(ORDERS)).containsExactly(commit.snapshot());
    assertThat(world.log().origins(ORDERS)).last().isEqualTo("BYPASS");
  }

  /** Its answer names no version, and the tables have gone on when they are looked at. */
  @Test
  void transaction_anotherCommitBeforeItsTablesAreLoaded_logHasBoth() throws IOException {
    Table lines = world.create("lines");
    world.start();
    truth.awaitReplica(ORDERS);
    truth.awaitReplica(LINES);
    world.stop();
    world.start(EnumSet.of(Role.PROXY), CrashPoints.NONE);
    RawCommit one = RawCommit.append(ORDERS, orders);
    RawCommit other = RawCommit.append(LINES, lines);
    String body = "{\"table-changes\":[%s,%s]}".formatted(one.body(), other.body());
    assertThat(
            RawCalls.send(world.port(), "POST", "/transactions/commit", body, "both").statusCode())
        .isEqualTo(204);
    RawCommit next = RawCommit.append(ORDERS, orders);
    assertThat(next.send(world.port()).statusCode()).isEqualTo(200);
    world.stop();

    world.start();
    assertIntent("both", "LOGGED");
    assertIntent(next.requestId(), "LOGGED");
    truth.assertCaptured(ORDERS);
    truth.assertCaptured(LINES);
    assertThat(world.log().snapshots(ORDERS)).containsExactly(one.snapshot(), next.snapshot());
    assertThat(world.log().snapshots(LINES)).containsExactly(other.snapshot());
  }

  @Test
  void transaction_committedAndNobodyHearsOfIt_isLogged() {
    Table lines = world.create("lines");
    world.start();
    world.upstream().plan().add(UpstreamRule.of(after(Reply.RESET)).on("POST", "transactions"));
    RawCommit one = RawCommit.append(ORDERS, orders);
    RawCommit other = RawCommit.append(LINES, lines);
    String body = "{\"table-changes\":[%s,%s]}".formatted(one.body(), other.body());

    HttpResponse<String> answer =
        RawCalls.send(world.port(), "POST", "/transactions/commit", body, "both");

    assertThat(answer.body()).contains("CommitStateUnknownException");
    assertIntent("both", "LOGGED");
    truth.assertCaptured(ORDERS);
    truth.assertCaptured(LINES);
  }

  @Test
  void table_droppedBeforeItsCommitIsExplained_intentIsClosedAndReplicaIsDroppedToo() {
    world.start();
    truth.awaitReplica(ORDERS);
    world.stop();
    world.start(EnumSet.of(Role.PROXY), CrashPoints.NONE);
    RawCommit commit = RawCommit.append(ORDERS, orders);
    assertThat(commit.send(world.port()).statusCode()).isEqualTo(200);
    assertThat(RawCalls.send(world.port(), "DELETE", commit.path(), "", "drop").statusCode())
        .isEqualTo(204);
    world.stop();

    world.start();
    assertIntent(commit.requestId(), "LOGGED");
    assertIntent("drop", "LOGGED");
    eventually(
        () ->
            assertThat(world.log().strings("select lifecycle from replica"))
                .containsExactly("SOURCE_DROPPED"));
  }

  @Test
  void table_renamedBeforeItsCommitIsExplained_logGoesOnUnderTheNewName() {
    TableIdentifier moved = UpstreamWorld.id("moved");
    world.start();
    truth.awaitReplica(ORDERS);
    world.stop();
    world.start(EnumSet.of(Role.PROXY), CrashPoints.NONE);
    RawCommit commit = RawCommit.append(ORDERS, orders);
    assertThat(commit.send(world.port()).statusCode()).isEqualTo(200);
    world.catalog().renameTable(ORDERS, moved);
    world.stop();

    world.start();
    assertIntent(commit.requestId(), "LOGGED");
    truth.assertCaptured(moved);
    assertThat(world.log().snapshots(moved)).containsExactly(commit.snapshot());
    assertThat(world.log().strings("select count(*) from replica")).containsExactly("1");
  }

  /** Who finds it is a process without a listener of its own. */
  @Test
  void commit_pastTheProxy_isCountedOnceWhereMetricsAreScraped() {
    world.onPostgres().start(EnumSet.of(Role.PROXY), CrashPoints.NONE);
    try (TwinbergServer replicator = world.another(EnumSet.of(Role.REPLICATOR))) {
      truth.awaitReplica(ORDERS);
      assertThat(RawCommit.append(ORDERS, orders).send(world.port()).statusCode()).isEqualTo(200);
      orders.refresh();
      orders.newFastAppend().appendFile(RawCommit.file(orders)).commit();
      truth.awaitReplica(ORDERS);

      eventually(
          () ->
              assertThat(RestAssured.get(metrics()).asString())
                  .contains("bypass_versions_total{source=\"prod\"} 1.0"));
      assertThat(world.log().origins(ORDERS)).filteredOn("BYPASS"::equals).hasSize(1);
    }
  }

  private String metrics() {
    return "http://127.0.0.1:" + world.managementPort() + "/metrics";
  }

  /** More than the source's metadata log names. */
  @Test
  void writers_bypassedTheProxyForLong_logHasEveryVersion() {
    orders.updateProperties().set("write.metadata.previous-versions-max", "3").commit();
    world.start();
    truth.awaitReplica(ORDERS);
    world.stop();
    for (int i = 0; i < 12; i++) {
      orders.newFastAppend().appendFile(RawCommit.file(orders)).commit();
    }

    world.start();
    truth.awaitReplica(ORDERS);
    assertThat(world.log().snapshots(ORDERS)).isEqualTo(truth.snapshots(ORDERS));
    assertThat(world.log().strings("select reason from gap")).isEmpty();
    assertThat(world.log().origins(ORDERS)).filteredOn("BYPASS"::equals).hasSize(12);
  }

  @Test
  void drop_doneAndNobodyHearsOfIt_replicaIsOfADroppedTable() {
    world.start();
    truth.awaitReplica(ORDERS);
    world.upstream().plan().add(UpstreamRule.of(after(Reply.RESET)).on("DELETE", ""));
    HttpResponse<String> answer =
        RawCalls.send(world.port(), "DELETE", "/namespaces/sales/tables/orders", "", "drop");

    assertThat(answer.body()).contains("CommitStateUnknownException");
    assertIntent("drop", "LOGGED");
    assertThat(world.upstream().exchanges("DELETE", "")).hasSize(1);
    eventually(
        () ->
            assertThat(world.log().strings("select lifecycle from replica"))
                .containsExactly("SOURCE_DROPPED"));
  }

  @Test
  void drop_lostOnItsWay_replicaFollowsOn() {
    world.settle(Duration.ofSeconds(1)).start();
    truth.awaitReplica(ORDERS);
    world.upstream().plan().add(UpstreamRule.of(before(Reply.RESET)).on("DELETE", ""));
    RawCalls.send(world.port(), "DELETE", "/namespaces/sales/tables/orders", "", "drop");

    assertIntent("drop", "ABANDONED");
    RawCommit commit = RawCommit.append(ORDERS, orders);
    assertThat(commit.send(world.port()).statusCode()).isEqualTo(200);
    truth.assertCaptured(ORDERS);
    assertThat(world.log().strings("select lifecycle from replica")).containsExactly("ACTIVE");
  }

  @Test
  void rename_doneAndNobodyHearsOfIt_replicaHasTheNewName() {
    world.start();
    truth.awaitReplica(ORDERS);
    world.upstream().plan().add(UpstreamRule.of(after(Reply.STATUS_502)).on("POST", "rename"));
    String body =
        """
        {"source":{"namespace":["sales"],"name":"orders"},"destination":{"namespace":["sales"],"name":"moved"}}
        """;
    HttpResponse<String> answer =
        RawCalls.send(world.port(), "POST", "/tables/rename", body, "rename");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertIntent("rename", "LOGGED");
    truth.assertCaptured(UpstreamWorld.id("moved"));
    assertThat(world.log().strings("select count(*) from replica")).containsExactly("1");
  }

  /**
   * All tables of the source wait for it, so it must not take longer than what clients wait for.
   */
  @Test
  void read_ofTwinbergHangs_nextOneFollowsAfterTheForwardTimeout() {
    world.forwardTimeout(Duration.ofSeconds(5)).start();
    truth.awaitReplica(ORDERS);
    world.upstream().plan().add(UpstreamRule.of(before(Reply.HANG)).on("GET", "orders").times(1));
    orders.newFastAppend().appendFile(RawCommit.file(orders)).commit();

    await()
        .untilAsserted(
            () -> assertThat(world.log().snapshots(ORDERS)).isEqualTo(truth.snapshots(ORDERS)));
    assertThat(world.upstream().plan().met()).containsOnlyKeys(before(Reply.HANG));
  }
}
