package io.twinberg.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.IntentState;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.RawClient;
import io.twinberg.proxy.testing.TestProxy;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source that hangs takes its own calls down, and nothing else. */
@Timeout(180)
class ForwardLimitTest {
  @TempDir Path folder;

  @Test
  void calls_beyondTheLimit_areRefusedBeforeAnyIntent() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    TestProxy.Options one =
        new TestProxy.Options(
            TestProxy.Options.DEFAULT.onLogFailure(), 1, 1 << 20, Duration.ofSeconds(30));
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri(), one)) {
      upstream.replies(
          request -> {
            arrived.countDown();
            hold(release);
            return Reply.json(200, "{}");
          });
      CompletableFuture<Integer> hanging = CompletableFuture.supplyAsync(() -> commit(proxy));
      assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();

      HttpResponse<String> refused = proxy.send("POST", "/v1/prod/namespaces/a/tables/t", "{}");

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(refused.body()).contains("forward-limit", "ServiceUnavailableException");
      assertThat(proxy.count(IntentState.PENDING)).as("only the first has one").isEqualTo(1);
      assertThat(RawClient.get(proxy.port(), "/health/live")).startsWith("HTTP/1.1 200");

      release.countDown();
      assertThat(hanging.get(60, TimeUnit.SECONDS)).isEqualTo(200);
      // A client has its answer a moment before the place is given back.
      for (int i = 0; i < 3; i++) {
        Awaitility.await("the place is free again").until(() -> commit(proxy) == 200);
      }
    }
  }

  private static void hold(CountDownLatch release) {
    try {
      assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int commit(TestProxy proxy) {
    try {
      return proxy.send("POST", "/v1/prod/namespaces/a/tables/t", "{}").statusCode();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
