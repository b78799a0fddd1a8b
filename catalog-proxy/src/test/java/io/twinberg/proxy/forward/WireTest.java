package io.twinberg.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.proxy.http.ClientPace;
import io.twinberg.proxy.testing.RawClient;
import io.twinberg.proxy.testing.RawUpstream;
import io.twinberg.proxy.testing.TestProxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP at its edges: interim answers, lengths and chunks that disagree, connections that close. */
@Timeout(180)
class WireTest {
  private static final String GET =
      "GET /catalogs/prod/v1/prod/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  private static final String POST =
      "POST /catalogs/prod/v1/prod/namespaces/a/tables/t/metrics HTTP/1.1\r\n"
          + "Host: h\r\nConnection: close\r\n";

  @TempDir Path folder;

  private String answerTo(String request, String upstreamsAnswer) throws Exception {
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          RawUpstream.write(out, upstreamsAnswer);
          return false;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      return RawClient.send(proxy.port(), request);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
      })
  void interimAnswer_isNotTakenForTheAnswer(String interim) throws Exception {
    String answer = answerTo(GET, interim + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    assertThat(answer).startsWith("HTTP/1.1 200").endsWith("ok");
  }

  @Test
  void answer_withLengthAndChunks_isNotGuessedAt() throws Exception {
    String answer =
        answerTo(
            GET,
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n0\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 502").contains("a length and chunks");
  }

  @Test
  void answer_thatEndsWithItsConnection_isWhole() throws Exception {
    assertThat(answerTo(GET, "HTTP/1.1 200 OK\r\n\r\nhello"))
        .startsWith("HTTP/1.1 200")
        .endsWith("5\r\nhello\r\n0\r\n\r\n");
  }

  @Test
  void answer_ofAnOldServer_passes() throws Exception {
    assertThat(answerTo(GET, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"))
        .startsWith("HTTP/1.1 200")
        .endsWith("ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {"300", "301", "305", "306", "399"})
  void redirect_ofAnyKind_isRefusedByName(String status) throws Exception {
    String answer =
        answerTo(
            GET,
            "HTTP/1.1 "
                + status
                + " Elsewhere\r\nLocation: http://127.0.0.1:1/?token=s3cret\r\nContent-Length: 0\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 502")
        .contains("answered " + status, "sources.prod.uri")
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "\u0000\u0001"
      })
  void answer_thatIsNoHttp_isABadGateway(String bytes) throws Exception {
    assertThat(answerTo(GET, bytes))
        .startsWith("HTTP/1.1 502")
        .contains("\"type\":\"ServiceUnavailableException\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: +2\r\n\r\n{}",
        "Content-Length : 2\r\n\r\n{}",
        " folded: 1\r\nContent-Length: 2\r\n\r\n{}"
      })
  void request_whoseLengthIsAmbiguous_reachesNobody(String rest) throws Exception {
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          RawUpstream.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          return true;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      String commit = POST.replace("/metrics", "") + rest;

      String answer = RawClient.send(proxy.port(), commit);

      assertThat(RawClient.status(answer)).as(answer).isBetween(400, 501);
      assertThat(RawClient.status(answer)).isNotEqualTo(500);
      assertThat(answer).contains("{\"error\":{");
      assertThat(upstream.requestLines()).isEmpty();
    }
  }

  @Test
  void request_thatWaitsForItsContinue_getsOne() throws Exception {
    List<String> bodies = new CopyOnWriteArrayList<>();
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          bodies.add(new String(RawUpstream.body(head, in), StandardCharsets.UTF_8));
          RawUpstream.write(out, "HTTP/1.1 204 No Content\r\n\r\n");
          return true;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      String answer =
          RawClient.send(
              proxy.port(), POST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}");

      assertThat(answer).contains("HTTP/1.1 204");
      assertThat(bodies).containsExactly("{}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", ""})
  void upload_thatStopsMidway_isTheClientsFaultAndNoCommit(String route) throws Exception {
    RawUpstream.Behaviour behaviour = (head, in, out) -> in.readNBytes(100).length == 100;
    ClientPace pace = new ClientPace(Duration.ofSeconds(3), 1000);
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri(), TestProxy.Options.DEFAULT, pace)) {
      String answer =
          RawClient.send(
              proxy.port(), POST.replace("/metrics", route) + "Content-Length: 100\r\n\r\n{");

      assertThat(answer)
          .startsWith("HTTP/1.1 408")
          .contains("\"type\":\"RequestTimeoutException\"");
      assertThat(proxy.counted("intents")).isZero();
    }
  }

  @Test
  void upload_inChunks_arrivesWhole() throws Exception {
    List<String> heads = new CopyOnWriteArrayList<>();
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          heads.add(head);
          in.readNBytes("5\r\nhello\r\n0\r\n\r\n".length());
          RawUpstream.write(out, "HTTP/1.1 204 No Content\r\n\r\n");
          return true;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      String answer =
          RawClient.send(
              proxy.port(),
              POST
                  + "Transfer-Encoding: chunked\r\n\r\n2;ext=1\r\nhe\r\n3\r\nllo\r\n0\r\nX: t\r\n\r\n");

      assertThat(answer).startsWith("HTTP/1.1 204");
      assertThat(heads.get(0))
          .containsIgnoringCase("transfer-encoding: chunked")
          .doesNotContainIgnoringCase("content-length");
    }
  }
}
