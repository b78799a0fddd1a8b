package io.twinberg.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.IntentState;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.TestProxy;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers while the log cannot be written. */
class LogFailureTest {
  private static final String TABLE = "/v1/prod/namespaces/a/tables/t";

  @TempDir Path folder;

  private static TestProxy.Options options(OnLogFailure policy) {
    return new TestProxy.Options(policy, 64, 1 << 20, Duration.ofSeconds(20));
  }

  @Test
  void databaseDown_forward_commitGoesThroughAndIsCounted() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri(), options(OnLogFailure.FORWARD))) {
      proxy.closeDatabase();

      HttpResponse<String> answer = proxy.send("POST", TABLE, "{}");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(upstream.received()).hasSize(1);
      assertThat(proxy.counted("proxy.log.failures")).isEqualTo(1);
    }
  }

  @Test
  void commitWithoutAnIntent_isToldOnTheTimerUntilSomebodyHearsIt() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri(), options(OnLogFailure.FORWARD))) {
      proxy.closeDatabase();
      proxy.failListener();

      assertThat(proxy.send("POST", TABLE, "{}").statusCode()).isEqualTo(200);
      assertThat(proxy.events()).as("not while the answer waits").isEmpty();
      proxy.capture().retryOutcomes();
      proxy.capture().retryOutcomes();
      assertThat(proxy.events()).containsExactly("missed prod", "missed prod");
      proxy.mendListener();
      proxy.capture().retryOutcomes();
      proxy.capture().retryOutcomes();
      assertThat(proxy.events()).hasSize(3);
    }
  }

  @Test
  void databaseDown_reject_nothingIsForwarded() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri(), options(OnLogFailure.REJECT))) {
      proxy.closeDatabase();

      HttpResponse<String> answer = proxy.send("POST", TABLE, "{}");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(answer.body()).contains("ServiceUnavailableException", "nothing was sent");
      assertThat(upstream.received()).isEmpty();
      assertThat(proxy.send("GET", TABLE, "").statusCode()).as("reads go on").isEqualTo(200);
    }
  }

  @Test
  void databaseDown_whileForwarding_answerGoesOutAndTheOutcomeIsWrittenLater() throws Exception {
    AtomicBoolean first = new AtomicBoolean(true);
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri(), options(OnLogFailure.REJECT))) {
      upstream.replies(
          request -> {
            if (first.getAndSet(false)) {
              rename(proxy, "intent", "hidden");
            }
            return Reply.json(200, "{\"metadata-location\":\"x\",\"metadata\":{}}");
          });

      HttpResponse<String> answer = proxy.send("POST", TABLE, "{}");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("metadata-location");
      assertThat(proxy.counted("proxy.log.failures")).isEqualTo(1);
      rename(proxy, "hidden", "intent");
      assertThat(proxy.count(IntentState.PENDING)).isEqualTo(1);
      proxy.capture().retryOutcomes();
      assertThat(proxy.count(IntentState.PENDING)).isZero();
      assertThat(proxy.count(IntentState.COMMITTED)).isEqualTo(1);
    }
  }

  private static void rename(TestProxy proxy, String from, String to) {
    proxy
        .database()
        .jdbi()
        .useHandle(handle -> handle.execute("alter table " + from + " rename to " + to));
  }
}
