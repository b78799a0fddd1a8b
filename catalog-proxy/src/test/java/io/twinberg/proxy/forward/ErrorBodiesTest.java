package io.twinberg.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.IntentState;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.TestProxy;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of the upstream as clients see them. */
class ErrorBodiesTest {
  @TempDir Path folder;
  private final FakeUpstream upstream = new FakeUpstream();
  private TestProxy proxy;

  @BeforeEach
  void start() {
    proxy = new TestProxy(folder, upstream.uri());
  }

  @AfterEach
  void stop() {
    proxy.close();
    upstream.close();
  }

  private HttpResponse<String> load() throws Exception {
    return proxy.send("GET", "/v1/prod/namespaces/a/tables/t", "");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 413, 500, 503})
  void page_becomesIcebergsErrorWithTheSameStatus(int status) throws Exception {
    upstream.replies(
        request ->
            new Reply(
                status,
                Map.of("Content-Type", "text/html", "Retry-After", "7"),
                "<html>Bad</html>".getBytes(StandardCharsets.UTF_8)));

    HttpResponse<String> answer = load();

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.headers().firstValue("Retry-After")).contains("7");
    assertThat(answer.body())
        .startsWith("{\"error\":{\"message\":")
        .contains("\"code\":" + status)
        .doesNotContain("<html>");
  }

  @Test
  void emptyError_becomesIcebergsError() throws Exception {
    upstream.replies(request -> Reply.empty(404));

    assertThat(load().body()).contains("\"type\":\"NotFoundException\"", "\"code\":404");
    assertThat(proxy.send("HEAD", "/v1/prod/namespaces/a/tables/t", "").statusCode())
        .isEqualTo(404);
  }

  @Test
  void jsonError_passesByteForByte() throws Exception {
    String error = "{ \"error\" : {\"message\":\"m\",\"type\":\"\",\"code\":409}}\n";
    upstream.replies(request -> Reply.json(409, error));

    assertThat(load().body()).isEqualTo(error);
  }

  @Test
  void jsonError_withoutContentType_passesByteForByte() throws Exception {
    String error = " {\"message\":\"odd\"}";
    upstream.replies(request -> new Reply(500, Map.of(), error.getBytes(StandardCharsets.UTF_8)));

    assertThat(load().body()).isEqualTo(error);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirect_isRefusedAndNamed(int status) throws Exception {
    upstream.replies(
        request ->
            new Reply(status, Map.of("Location", upstream.uri() + "/moved?token=x"), new byte[0]));

    HttpResponse<String> load = load();
    HttpResponse<String> commit = proxy.send("POST", "/v1/prod/namespaces/a/tables/t", "{}");

    assertThat(load.statusCode()).isEqualTo(502);
    assertThat(load.body()).contains("/moved", "sources.prod.uri").doesNotContain("token=x");
    assertThat(commit.statusCode()).isEqualTo(502);
    assertThat(upstream.received()).as("nothing was followed").hasSize(2);
    assertThat(proxy.count(IntentState.UNKNOWN)).isEqualTo(1);
  }
}
