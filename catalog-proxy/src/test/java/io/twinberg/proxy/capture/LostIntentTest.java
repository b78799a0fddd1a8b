package io.twinberg.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.Intent;
import io.twinberg.log.IntentKind;
import io.twinberg.log.IntentState;
import io.twinberg.log.NewIntent;
import io.twinberg.log.Outcome;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.TestProxy;
import io.twinberg.testing.DatabaseKind;
import io.twinberg.testing.LostCommitAnswers;
import io.twinberg.testing.OnEveryDatabase;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Intents that are durable, and that nobody in the process knows of. */
@OnEveryDatabase
class LostIntentTest {
  private static final String TABLE = "/v1/prod/namespaces/a/tables/t";

  @Parameter DatabaseKind kind;
  @TempDir Path folder;
  private FakeUpstream upstream;
  private TestProxy proxy;
  private LostCommitAnswers answers;

  @BeforeEach
  void start() {
    upstream = new FakeUpstream();
  }

  private void start(OnLogFailure policy) {
    proxy =
        new TestProxy(
            kind.open(folder),
            upstream.uri(),
            new TestProxy.Options(policy, 64, 1 << 20, Duration.ofSeconds(20)));
    answers = LostCommitAnswers.of(proxy.database());
  }

  @AfterEach
  void close() {
    proxy.close();
    upstream.close();
  }

  private HttpResponse<String> commit(String requestId) throws Exception {
    return proxy.send("POST", TABLE, "{}", "X-Request-ID", requestId);
  }

  private void tick() {
    proxy.capture().retryOutcomes();
  }

  @Test
  void intentWrittenAlthoughOpeningFailed_forward_becomesUnknownAndIsToldOf() throws Exception {
    start(OnLogFailure.FORWARD);
    answers.lose("lost");

    assertThat(commit("lost").statusCode()).isEqualTo(200);
    assertThat(proxy.count(IntentState.PENDING)).isEqualTo(1);
    tick();
    assertThat(proxy.count(IntentState.PENDING)).as("it may just be opening").isEqualTo(1);
    tick();

    assertThat(proxy.intents()).extracting(Intent::state).containsExactly(IntentState.UNKNOWN);
    assertThat(proxy.events()).containsExactly("missed prod", "settled prod");
  }

  @Test
  void intentWrittenAlthoughOpeningFailed_reject_becomesUnknown() throws Exception {
    start(OnLogFailure.REJECT);
    answers.lose("lost");

    assertThat(commit("lost").statusCode()).isEqualTo(503);
    assertThat(upstream.received()).isEmpty();
    tick();
    tick();

    assertThat(proxy.intents()).extracting(Intent::state).containsExactly(IntentState.UNKNOWN);
  }

  @Test
  void intentWhoseCallTakesLong_isKept() throws Exception {
    start(OnLogFailure.FORWARD);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    upstream.replies(
        request -> {
          asked.countDown();
          await(answered);
          return Reply.json(200, "{\"metadata-location\":\"x\",\"metadata\":{}}");
        });
    CompletableFuture<Integer> call = CompletableFuture.supplyAsync(() -> status("slow"));
    await(asked);

    for (int i = 0; i < 5; i++) {
      tick();
    }
    assertThat(proxy.count(IntentState.PENDING)).isEqualTo(1);
    answered.countDown();
    assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo(200);
    assertThat(proxy.intents()).extracting(Intent::state).containsExactly(IntentState.COMMITTED);
  }

  @Test
  void outcomeThatWaitsToBeWritten_keepsItsIntent() throws Exception {
    start(OnLogFailure.FORWARD);
    upstream.replies(
        request -> {
          refuseOutcomes(true);
          return Reply.json(200, "{}");
        });
    assertThat(commit("waits").statusCode()).isEqualTo(200);

    for (int i = 0; i < 5; i++) {
      tick();
    }
    assertThat(proxy.count(IntentState.PENDING)).isEqualTo(1);
    refuseOutcomes(false);
    tick();
    assertThat(proxy.intents()).extracting(Intent::state).containsExactly(IntentState.COMMITTED);
  }

  @Test
  void outcomeThatIsOneTooManyToWait_itsIntentBecomesUnknown() {
    start(OnLogFailure.FORWARD);
    IntentRecorder recorder =
        new IntentRecorder(
            CaptureSettings.of("prod", LogFailurePolicy.always(OnLogFailure.FORWARD)),
            proxy.log(),
            proxy.recording(),
            new CaptureMetrics(new SimpleMeterRegistry()),
            CrashPoints.NONE,
            1);
    refuseOutcomes(true);
    for (String request : List.of("first", "second")) {
      OptionalLong intent = recorder.open(intent(request));
      recorder.settle(intent, new Outcome.Committed(204, Optional.empty()));
      recorder.release(intent);
    }
    refuseOutcomes(false);
    recorder.retry();
    recorder.retry();

    assertThat(proxy.intents())
        .extracting(Intent::state)
        .containsExactly(IntentState.COMMITTED, IntentState.UNKNOWN);
  }

  private static NewIntent intent(String requestId) {
    return new NewIntent(
        "prod",
        "",
        IntentKind.UPDATE_TABLE,
        List.of(TableIdentifier.of("a", "t")),
        new byte[0],
        requestId,
        Optional.empty());
  }

  /** The log can be read, and takes intents, but no outcome of a commit. */
  private void refuseOutcomes(boolean refused) {
    proxy
        .database()
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    refused
                        ? "alter table intent add constraint refused check (state <> 'COMMITTED')"
                        : "alter table intent drop constraint refused"));
  }

  private int status(String requestId) {
    try {
      return commit(requestId).statusCode();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
