package io.twinberg.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Received;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.RawClient;
import io.twinberg.proxy.testing.RawUpstream;
import io.twinberg.proxy.testing.TestProxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which headers pass in either direction. */
class HeaderPolicyTest {
  @TempDir Path folder;

  @Test
  void request_endToEndHeaders_passAndHopByHopOnesDoNot() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      send(
          proxy,
          """
          GET /catalogs/prod/v1/prod/namespaces HTTP/1.1
          Host: twinberg.example:9
          Authorization: Bearer of-the-caller
          X-Iceberg-Access-Delegation: vended-credentials,remote-signing
          If-None-Match: "abc"
          Accept-Encoding: gzip, lz4-framed
          User-Agent: test/1
          X-Mine: a
          X-Mine: b
          TE: trailers
          Keep-Alive: timeout=5
          X-Dropped: 1
          Connection: close, X-Dropped

          """);

      Received received = upstream.received().get(0);
      assertThat(received.header("Authorization")).contains("Bearer of-the-caller");
      assertThat(received.header("X-Iceberg-Access-Delegation"))
          .contains("vended-credentials,remote-signing");
      assertThat(received.header("If-None-Match")).contains("\"abc\"");
      assertThat(received.header("Accept-Encoding")).contains("gzip, lz4-framed");
      assertThat(received.header("User-Agent")).contains("test/1");
      assertThat(received.headers().get("X-mine")).containsExactly("a", "b");
      assertThat(received.header("Host")).contains(upstream.uri().getAuthority());
      assertThat(received.headers()).doesNotContainKeys("Te", "Keep-alive", "X-dropped");
      assertThat(received.header("Upgrade")).isEmpty();
    }
  }

  @Test
  void commit_keepsIdempotencyKeyAndAsksForPlainBytes() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      proxy.send(
          "POST",
          "/v1/prod/namespaces",
          "{\"namespace\":[\"a\"]}",
          "Idempotency-Key",
          "0190-key",
          "Accept-Encoding",
          "gzip");

      Received received = upstream.received().get(0);
      assertThat(received.header("Idempotency-Key")).contains("0190-key");
      assertThat(received.header("Accept-Encoding")).contains("identity");
      assertThat(received.header("Content-Length")).contains("19");
    }
  }

  @Test
  void answer_headersPass_andNothingIsAddedButTheRequestId() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      upstream.replies(
          request ->
              new Reply(
                  200,
                  Map.of(
                      "ETag", "f8553a5d",
                      "Content-Type", "application/json",
                      "X-Own", "1",
                      "Date", "Sat, 01 Jan 2000 00:00:00 GMT"),
                  "{}".getBytes(StandardCharsets.UTF_8)));

      String answer = RawClient.get(proxy.port(), "/catalogs/prod/v1/prod/namespaces");

      assertThat(answer)
          .containsIgnoringCase("etag: f8553a5d\r\n")
          .containsIgnoringCase("content-type: application/json\r\n")
          .containsIgnoringCase("content-length: 2\r\n")
          .containsIgnoringCase("x-own: 1\r\n")
          .containsIgnoringCase("x-request-id: ")
          .doesNotContainIgnoringCase("server:")
          .doesNotContainIgnoringCase("charset")
          .endsWith("\r\n\r\n{}");
    }
  }

  @Test
  void notModified_passesWithoutBody() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      upstream.replies(request -> new Reply(304, Map.of("ETag", "\"x\""), new byte[0]));

      var answer =
          proxy.send("GET", "/v1/prod/namespaces/a/tables/t", "", "If-None-Match", "\"x\"");

      assertThat(answer.statusCode()).isEqualTo(304);
      assertThat(answer.headers().firstValue("ETag")).contains("\"x\"");
      assertThat(answer.body()).isEmpty();
    }
  }

  @Test
  void head_keepsTheLengthOfTheBodyThatItDoesNotHave() throws Exception {
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          RawUpstream.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
          return true;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      String answer =
          RawClient.send(
              proxy.port(),
              "HEAD /catalogs/prod/v1/prod/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

      assertThat(answer)
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("content-length: 100\r\n")
          .endsWith("\r\n\r\n");
    }
  }

  private static void send(TestProxy proxy, String request) throws Exception {
    assertThat(RawClient.send(proxy.port(), request.replace("\n", "\r\n")))
        .startsWith("HTTP/1.1 200");
  }
}
