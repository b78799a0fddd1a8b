package io.twinberg.proxy.forward;

import static io.twinberg.proxy.testing.RawUpstream.body;
import static io.twinberg.proxy.testing.RawUpstream.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.IntentState;
import io.twinberg.proxy.testing.RawUpstream;
import io.twinberg.proxy.testing.TestProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A mutation reaches the upstream once, whatever happens to the connection. */
@Timeout(180)
class ForwardOnceTest {
  private static final String TABLE = "/v1/prod/namespaces/a/tables/t";
  private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

  private static final TestProxy.Options IMPATIENT =
      new TestProxy.Options(
          TestProxy.Options.DEFAULT.onLogFailure(), 64, 1 << 20, Duration.ofSeconds(2));

  @TempDir Path folder;

  @Test
  void commit_upstreamClosesFreshConnection_isSentOnceAndUnknown() throws Exception {
    try (RawUpstream upstream = new RawUpstream(ForwardOnceTest::readAndClose);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      HttpResponse<String> answer = proxy.send("POST", TABLE, "{}");

      assertUnknown(proxy, answer, 502);
      assertThat(upstream.requestLines()).hasSize(1);
    }
  }

  @Test
  void commit_upstreamClosesReusedConnection_isSentOnceAndUnknown() throws Exception {
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          if (head.startsWith("POST")) {
            return readAndClose(head, in, out);
          }
          write(out, NO_CONTENT);
          return true;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      assertThat(proxy.send("HEAD", TABLE, "").statusCode()).isEqualTo(204);
      HttpResponse<String> answer = proxy.send("POST", TABLE, "{}");

      assertUnknown(proxy, answer, 502);
      assertThat(upstream.requestLines())
          .containsExactly(
              "HEAD /v1/namespaces/a/tables/t HTTP/1.1", "POST /v1/namespaces/a/tables/t HTTP/1.1");
      assertThat(upstream.connections()).as("the connection was used again").isEqualTo(1);
    }
  }

  @Test
  void drop_upstreamClosesReusedConnection_isSentOnceAndUnknown() throws Exception {
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          if (head.startsWith("HEAD")) {
            write(out, NO_CONTENT);
          }
          return head.startsWith("HEAD");
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      proxy.send("HEAD", TABLE, "");
      HttpResponse<String> answer = proxy.send("DELETE", TABLE, "");

      assertUnknown(proxy, answer, 502);
      assertThat(upstream.requestLines()).hasSize(2);
    }
  }

  @Test
  void commit_upstreamHangs_isTimeoutAndUnknown() throws Exception {
    try (RawUpstream upstream = new RawUpstream((head, in, out) -> in.read() >= -1);
        TestProxy proxy = new TestProxy(folder, upstream.uri(), IMPATIENT)) {
      assertUnknown(proxy, proxy.send("POST", TABLE, "{}"), 504);
      Awaitility.await().untilAsserted(() -> assertThat(upstream.requestLines()).hasSize(1));
    }
  }

  @Test
  void commit_answerHangsInItsBody_endsAtTheCallsTimeout() throws Exception {
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          body(head, in);
          write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
          return in.read() >= 0;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri(), IMPATIENT)) {
      HttpResponse<String> answer = proxy.send("POST", TABLE, "{}");

      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(answer.body()).contains("CommitStateUnknownException");
    }
  }

  @Test
  void commit_headOfTheAnswerDrips_endsAtTheCallsTimeout() throws Exception {
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          body(head, in);
          write(out, "HTTP/1.1 200 OK\r\nx: ");
          while (true) {
            write(out, "1");
            // Comes again and again, sooner than any time-out between two bytes.
            LockSupport.parkNanos(20_000_000);
          }
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri(), IMPATIENT)) {
      assertUnknown(proxy, proxy.send("POST", TABLE, "{}"), 504);
    }
  }

  @Test
  void commit_connectionWasClosedWhileItRested_isSentOnANewOne() throws Exception {
    try (RawUpstream upstream = new RawUpstream(ForwardOnceTest::answerAndClose);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      assertThat(proxy.send("HEAD", TABLE, "").statusCode()).isEqualTo(204);
      Awaitility.await()
          .pollDelay(UpstreamClient.TRUSTED.toDuration().multipliedBy(2))
          .until(() -> true);

      assertThat(proxy.send("POST", TABLE, "{}").statusCode()).isEqualTo(204);
      assertThat(upstream.requestLines()).hasSize(2);
      assertThat(upstream.connections()).isEqualTo(2);
    }
  }

  @Test
  void read_connectionWasClosedJustNow_isSentOnceMore() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          seen.add(head);
          if (seen.size() == 2) {
            return false;
          }
          write(out, NO_CONTENT);
          return true;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      assertThat(proxy.send("HEAD", TABLE, "").statusCode()).isEqualTo(204);
      assertThat(proxy.send("HEAD", TABLE, "").statusCode()).isEqualTo(204);
      assertThat(upstream.requestLines()).hasSize(3);
    }
  }

  @Test
  void commit_upstreamIsDown_isUnknownWithoutRetryAfter() throws Exception {
    URI nowhere;
    try (ServerSocket socket = new ServerSocket(0)) {
      nowhere = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    try (RawUpstream upstream = new RawUpstream(ForwardOnceTest::readAndClose);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      proxy.send("HEAD", TABLE, "");
      upstream.close();

      assertUnknown(proxy, proxy.send("POST", TABLE, "{}"), 502);
    }
    try (TestProxy proxy = new TestProxy(folder, nowhere)) {
      HttpResponse<String> answer = proxy.send("GET", TABLE, "");

      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.body()).contains("ServiceUnavailableException", "cannot be reached");
    }
  }

  private static boolean answerAndClose(String head, InputStream in, OutputStream out)
      throws IOException {
    readAndClose(head, in, out);
    write(out, NO_CONTENT);
    return false;
  }

  private static boolean readAndClose(String head, InputStream in, OutputStream out)
      throws IOException {
    if (head.startsWith("POST")) {
      body(head, in);
    }
    return false;
  }

  private static void assertUnknown(TestProxy proxy, HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"type\":\"CommitStateUnknownException\"");
    assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
    assertThat(proxy.count(IntentState.UNKNOWN)).isEqualTo(1);
    assertThat(proxy.events()).containsExactly("opened prod", "settled prod");
  }
}
