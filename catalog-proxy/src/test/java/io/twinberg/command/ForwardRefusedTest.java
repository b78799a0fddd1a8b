package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What callers are told when the source, or who issues its tokens, refuses Twinberg. */
class ForwardRefusedTest extends ForwardAsTwinbergSuite {
  @ParameterizedTest
  @ValueSource(ints = {401, 419})
  void commit_tokenRefusedUpstream_isSentOnceAndAnswered503(int status) throws Exception {
    List<String> sent = new CopyOnWriteArrayList<>();
    upstream.replies(
        request -> {
          sent.add(request.header("Authorization").orElse("nobody"));
          boolean old = sent.get(sent.size() - 1).equals("Bearer token-1");
          return old
              ? new Reply(status, Map.of("WWW-Authenticate", "Bearer"), new byte[0])
              : Reply.json(200, "{}");
        });
    startWithOAuth2();

    HttpResponse<String> refused = commit();

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body())
        .contains(
            "ServiceUnavailableException", "it has done nothing", "sources.prod.forward-auth");
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.headers().map()).doesNotContainKey("www-authenticate");
    assertThat(sent).containsExactly("Bearer token-1");
    // A token in its first second is kept; the client's own repetitions soon meet a new one.
    await().untilAsserted(() -> assertThat(commit().statusCode()).isEqualTo(200));
    assertThat(sent).last().isEqualTo("Bearer token-2");
    assertThat(tokens.forms()).hasSize(2);
  }

  @Test
  void read_tokenRefusedUpstream_isSentOnceAndAnswered503() throws Exception {
    upstream.replies(request -> Reply.empty(401));
    startWithOAuth2();

    assertThat(as("s-analyst", "GET", "v1/prod/namespaces").statusCode()).isEqualTo(503);
    assertThat(upstream.received()).hasSize(1);
  }

  @Test
  void forbiddenUpstream_isForbiddenToTheCaller() throws Exception {
    upstream.replies(
        request -> Reply.json(403, "{\"error\":{\"type\":\"ForbiddenException\",\"code\":403}}"));
    startWithOAuth2();

    assertThat(as("s-analyst", "GET", "v1/prod/namespaces").statusCode()).isEqualTo(403);
  }

  @Test
  void tokenNotToBeHad_isAnswered503WithoutSecretsAndNothingIsForwarded() throws Exception {
    tokens.answers(500, "<html>hush</html>");
    startWithOAuth2();

    HttpResponse<String> answer = commit();

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(answer.body())
        .contains("Source prod cannot be called as Twinberg", "HTTP 500", "Nothing was sent")
        .doesNotContain("hush");
    assertThat(upstream.received()).isEmpty();
    assertThat(upstream.configRequests()).isEmpty();
  }

  @Test
  void logs_ofRefusedAndFailedCalls_holdNoSecret() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    try {
      upstream.replies(request -> Reply.json(401, "{\"error\":{\"message\":\"no token-1\"}}"));
      startWithOAuth2();
      commit();
      as("s-other", "GET", "v1/prod/namespaces");
      tokens.answers(400, "{\"error\":\"hush\"}");
      await().until(() -> commit().body().contains("HTTP 400"));
    } finally {
      root.detachAppender(log);
    }

    List<String> lines =
        log.list.stream()
            .map(event -> event.getFormattedMessage() + thrown(event.getThrowableProxy()))
            .toList();
    assertThat(lines)
        .anyMatch(line -> line.contains("source=prod refused forward-auth status=401"))
        .anyMatch(line -> line.contains("nothing was sent: No token from"))
        .allSatisfy(line -> assertThat(line).doesNotContain("hush", "token-1", "s-etl", "s-other"));
  }

  private static String thrown(IThrowableProxy thrown) {
    return thrown == null ? "" : " " + ThrowableProxyUtil.asString(thrown);
  }
}
