package io.twinberg.command;

import static io.twinberg.command.SourceTruth.eventually;
import static io.twinberg.testing.UpstreamFault.after;
import static io.twinberg.testing.UpstreamFault.before;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.testing.UpstreamFault;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server is told to stop while commits are on their way to the source. */
class StopTest extends UpstreamSuite {
  /** Less than a client may stand still, and more than a busy machine adds to the grace. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  @BeforeEach
  void bePatientWithTheSource() {
    world.forwardTimeout(Duration.ofMinutes(5));
  }

  private CompletableFuture<HttpResponse<String>> sent(RawCommit commit, UpstreamFault fault) {
    world.upstream().plan().add(UpstreamRule.of(fault).on("POST", "").times(1));
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(() -> commit.send(world.port()));
    eventually(() -> assertThat(world.upstream().exchanges("POST", "orders")).isNotEmpty());
    return answer;
  }

  private Duration stop() {
    long started = System.nanoTime();
    world.stop();
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** In the log as the stopped server left it: nobody explains anything meanwhile. */
  private void assertLeft(RawCommit commit, String state) {
    world.start(EnumSet.of(Role.PROXY), CrashPoints.NONE);
    assertThat(world.log().intents(commit.requestId())).containsExactly(state);
    world.stop();
  }

  private void assertExplained(RawCommit commit, String state) {
    world.start();
    eventually(() -> assertThat(world.log().intents(commit.requestId())).containsExactly(state));
    truth.assertCaptured(ORDERS);
  }

  @Test
  void stop_withACommitThatTheSourceAnswersInTime_passesTheAnswerOnAndSettlesIt() {
    world.start();
    RawCommit commit = RawCommit.append(ORDERS, orders);
    CompletableFuture<HttpResponse<String>> answer = sent(commit, after(Reply.SLOW));

    assertThat(stop()).isLessThan(LONGEST);

    assertThat(answer.join().statusCode()).isEqualTo(200);
    assertThat(answer.join().body()).contains("metadata-location");
    assertLeft(commit, "COMMITTED");
    assertExplained(commit, "LOGGED");
  }

  @Test
  void stop_withACommitThatHangsAfterItLanded_saysThatItIsUnknownAndFindsItAfterTheRestart() {
    world.start();
    RawCommit commit = RawCommit.append(ORDERS, orders);
    CompletableFuture<HttpResponse<String>> answer = sent(commit, after(Reply.HANG));

    assertThat(stop()).isLessThan(LONGEST);

    assertUnknown(answer.join());
    assertLeft(commit, "UNKNOWN");
    assertExplained(commit, "LOGGED");
    assertThat(world.log().snapshots(ORDERS)).containsExactly(commit.snapshot());
  }

  @Test
  void stop_withACommitThatHangsAndNeverLands_saysThatItIsUnknownAndInventsNothing() {
    world.settle(Duration.ofSeconds(1)).start();
    RawCommit commit = RawCommit.append(ORDERS, orders);
    CompletableFuture<HttpResponse<String>> answer = sent(commit, before(Reply.HANG));

    assertThat(stop()).isLessThan(LONGEST);

    assertUnknown(answer.join());
    assertExplained(commit, "ABANDONED");
    assertThat(world.log().snapshots(ORDERS)).isEmpty();
  }

  private static void assertUnknown(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("CommitStateUnknownException");
    assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
  }

  /** At both listeners, with a client that does not go on. */
  @Test
  void stop_withClientsThatStandStillAmidTheirRequests_endsInTime() throws IOException {
    world.start();
    try (Socket engine = halfARequest(world.port());
        Socket admin = halfARequest(world.managementPort())) {
      assertThat(stop()).isLessThan(LONGEST);
      assertThat(engine.isConnected()).isTrue();
      assertThat(admin.isConnected()).isTrue();
    }
  }

  private static Socket halfARequest(int port) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
    client
        .getOutputStream()
        .write(
            "POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nha"
                .getBytes(StandardCharsets.UTF_8));
    return client;
  }
}
