package io.twinberg.proxy.capture;

import static io.twinberg.proxy.testing.RawUpstream.body;
import static io.twinberg.proxy.testing.RawUpstream.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.CommittedTable;
import io.twinberg.log.Intent;
import io.twinberg.log.IntentState;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.RawUpstream;
import io.twinberg.proxy.testing.TestProxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client gets the source's own answer, and the log gets what it means. */
@Timeout(180)
class CapturedAnswersTest {
  private static final String TABLE = "/v1/prod/namespaces/a/tables/t";
  private static final String METADATA = "{ \"format-version\" : 2, \"s\":\"\\u00e9 ü }\" }";

  @TempDir Path folder;

  @Test
  void commit_answerIsByteForByteAndItsMetadataIsRecorded() throws Exception {
    String commit =
        "{\"config\":{\"s3.secret\":\"x\"},\n \"metadata\" :"
            + METADATA
            + ", \"metadata-location\":\"s3://b/m.json\" }\n";
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      upstream.replies(request -> Reply.json(200, commit));

      HttpResponse<String> answer = proxy.send("POST", TABLE, "{\"updates\":[1]}");

      assertThat(answer.body()).isEqualTo(commit);
      CommittedTable table = proxy.intents().get(0).committed().orElseThrow();
      assertThat(table.metadataLocation()).isEqualTo("s3://b/m.json");
      assertThat(new String(table.metadata().bytes(), StandardCharsets.UTF_8)).isEqualTo(METADATA);
      assertThat(table.name()).hasToString("a.t");
      assertThat(proxy.counted("intents", "outcome", "committed")).isEqualTo(1);
      assertThat(
              proxy.counted(
                  "proxy.requests",
                  "source",
                  "prod",
                  "route-kind",
                  "update_table",
                  "status-class",
                  "2xx"))
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200,COMMITTED",
    "204,COMMITTED",
    "400,REJECTED",
    "404,REJECTED",
    "409,REJECTED",
    "429,REJECTED",
    "408,UNKNOWN",
    "500,UNKNOWN",
    "502,UNKNOWN",
    "503,UNKNOWN",
    "504,UNKNOWN"
  })
  void commit_outcomeFollowsFromTheStatus(int status, IntentState state) throws Exception {
    String body = status == 204 ? "" : "{\"error\":{\"message\":\"m\",\"type\":\"T\",\"code\":1}}";
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      upstream.replies(request -> status == 204 ? Reply.empty(204) : Reply.json(status, body));

      HttpResponse<String> answer = proxy.send("POST", TABLE, "{}");

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.body()).isEqualTo(body);
      assertThat(proxy.count(state)).isEqualTo(1);
      assertThat(upstream.received()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json at all",
        "{\"metadata-location\":\"x\",\"metadata\":{\"a\":",
        "{\"metadata-location\":null,\"metadata\":{}}",
        "{\"metadata\":{}}",
        "[]"
      })
  void commit_answerWithoutATable_isCommittedAndPassesAsItIs(String body) throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      upstream.replies(request -> Reply.json(200, body));

      assertThat(proxy.send("POST", TABLE, "{}").body()).isEqualTo(body);
      Intent intent = proxy.intents().get(0);
      assertThat(intent.state()).isEqualTo(IntentState.COMMITTED);
      assertThat(intent.committed()).isEmpty();
    }
  }

  @Test
  void commit_whoListensForIntentsFails_goesThrough() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      proxy.failListener();

      assertThat(proxy.send("POST", TABLE, "{}").statusCode()).isEqualTo(200);
      assertThat(proxy.events()).containsExactly("opened prod", "settled prod");
      assertThat(proxy.count(IntentState.COMMITTED)).isEqualTo(1);
    }
  }

  @Test
  void commit_answerAboveTheLimit_streamsWithoutBeingRecorded() throws Exception {
    String commit =
        "{\"metadata-location\":\"x\",\"metadata\":{\"p\":\"" + "y".repeat(5000) + "\"}}";
    TestProxy.Options small =
        new TestProxy.Options(
            TestProxy.Options.DEFAULT.onLogFailure(), 64, 1000, Duration.ofSeconds(20));
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri(), small)) {
      upstream.replies(request -> Reply.json(200, commit));

      assertThat(proxy.send("POST", TABLE, "{}").body()).isEqualTo(commit);
      assertThat(proxy.intents().get(0).committed()).isEmpty();
      assertThat(proxy.count(IntentState.COMMITTED)).isEqualTo(1);
    }
  }

  @Test
  void commit_bodyAboveTheLimit_isRefusedBeforeAnything() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      HttpResponse<String> answer = proxy.send("POST", TABLE, " ".repeat((1 << 20) + 1));

      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body()).contains("RequestTooLargeException");
      assertThat(upstream.received()).isEmpty();
      assertThat(proxy.counted("intents")).isZero();
    }
  }

  @Test
  void commit_truncatedAnswer_isNeverAnErrorThatLetsTheClientCleanUp() throws Exception {
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          body(head, in);
          write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"metadata");
          return false;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      HttpResponse<String> answer = proxy.send("POST", TABLE, "{}");

      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.body()).contains("CommitStateUnknownException");
      assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
      assertThat(proxy.intents()).hasSize(1);
    }
  }

  /** One that is too large to have its links rewritten breaks off while capture reads it. */
  @Test
  void commit_largeAnswerBreaksOff_isUnknownToTheClientAndCommittedInTheLog() throws Exception {
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          body(head, in);
          write(out, "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n");
          write(out, " ".repeat(2_000_000));
          return false;
        };
    TestProxy.Options large =
        new TestProxy.Options(
            TestProxy.Options.DEFAULT.onLogFailure(), 64, 8 << 20, Duration.ofSeconds(20));
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri(), large)) {
      HttpResponse<String> answer = proxy.send("POST", TABLE, "{}");

      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.body()).contains("CommitStateUnknownException");
      assertThat(proxy.count(IntentState.COMMITTED)).isEqualTo(1);
    }
  }

  @Test
  void commit_clientGoesAwayMeanwhile_isFinishedAndSettled() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      upstream.replies(
          request -> {
            arrived.countDown();
            hold(gone);
            return Reply.json(200, "{\"metadata-location\":\"x\",\"metadata\":{}}");
          });
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
        String request =
            "POST /catalogs/prod%s HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
                .formatted(TABLE);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
      }
      gone.countDown();

      Awaitility.await()
          .untilAsserted(() -> assertThat(proxy.count(IntentState.COMMITTED)).isEqualTo(1));
      assertThat(proxy.intents().get(0).committed()).isPresent();
    }
  }

  private static void hold(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
