package io.twinberg.proxy.capture;

import static io.twinberg.proxy.testing.RawUpstream.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.RawUpstream;
import io.twinberg.proxy.testing.TestProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What counts as time that the proxy adds to a call, and what does not. */
@Timeout(240)
class AddedTimeTest {
  private static final String TABLE = "/v1/prod/namespaces/a/tables/t";
  private static final Duration LONG = Duration.ofSeconds(3);

  @TempDir Path folder;

  private static double addedSeconds(TestProxy proxy, String kind) {
    return proxy.added(kind).totalTime(TimeUnit.SECONDS);
  }

  /** Nothing can be waited for here: the time itself is what is tested. */
  private static void pause() {
    try {
      assertThat(new CountDownLatch(1).await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void source_thinksForLong_addsNothing() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      assertThat(proxy.send("GET", TABLE, "").statusCode()).isEqualTo(200);
      upstream.replies(
          request -> {
            pause();
            return Reply.json(200, "{}");
          });

      assertAddsLess(
          proxy,
          "read",
          () -> assertThat(proxy.send("GET", TABLE, "").statusCode()).isEqualTo(200));
      assertThat(proxy.added("mutation").count()).isZero();
    }
  }

  @Test
  void body_thatIsStillOnItsWay_isMeasuredAlready() throws Exception {
    CountDownLatch measured = new CountDownLatch(1);
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
          await(measured);
          write(out, "-last");
          return true;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      CompletableFuture<HttpResponse<String>> answer =
          CompletableFuture.supplyAsync(() -> get(proxy, "/v1/prod/namespaces/a/other"));

      Awaitility.await().until(() -> proxy.added("read").count() == 1);

      assertThat(answer).isNotDone();
      measured.countDown();
      assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpResponse<String> get(TestProxy proxy, String path) {
    try {
      return proxy.send("GET", path, "");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void client_sendsItsCommitSlowly_addsNothing() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      assertThat(proxy.send("POST", TABLE, "{}").statusCode()).isEqualTo(200);

      assertAddsLess(proxy, "mutation", () -> sendSlowly(proxy.port()));
    }
  }

  private static void sendSlowly(int port) throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = client.getOutputStream();
      write(out, "POST /catalogs/prod" + TABLE + " HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n");
      write(out, "Connection: close\r\n\r\n{");
      pause();
      write(out, "}");

      String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200");
    }
  }

  /**
   * A call is measured, and adds less than the time that it pauses. A slow machine may add as much
   * to one of them: a pause that counts is added to all.
   */
  private static void assertAddsLess(TestProxy proxy, String kind, ThrowingRunnable call) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              long calls = proxy.added(kind).count();
              double before = addedSeconds(proxy, kind);
              call.run();
              assertThat(proxy.added(kind).count()).isEqualTo(calls + 1);
              assertThat(addedSeconds(proxy, kind) - before)
                  .isPositive()
                  .isLessThan(LONG.toSeconds());
            });
  }

  @Test
  void proxy_looksForLongAtACommit_addsThat() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy =
            new TestProxy(
                folder,
                upstream.uri(),
                OnLogFailure.FORWARD,
                (settings, database, registry) -> (mutation, body) -> pause())) {
      assertThat(proxy.send("POST", TABLE, "{}").statusCode()).isEqualTo(200);

      assertThat(addedSeconds(proxy, "mutation")).isGreaterThanOrEqualTo(LONG.toSeconds());
    }
  }

  @Test
  void call_thatIsRefusedBeforeItIsSent_isNotMeasured() throws Exception {
    TestProxy.Options reject =
        new TestProxy.Options(OnLogFailure.REJECT, 64, 1 << 20, Duration.ofSeconds(20));
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri(), reject)) {
      assertThat(proxy.send("POST", TABLE, "{}").statusCode()).isEqualTo(200);
      proxy.closeDatabase();

      assertThat(proxy.send("POST", TABLE, "{}").statusCode()).isEqualTo(503);

      assertThat(proxy.added("mutation").count()).isEqualTo(1);
    }
  }
}
