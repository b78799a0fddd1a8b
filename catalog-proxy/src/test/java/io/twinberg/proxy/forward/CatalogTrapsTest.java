package io.twinberg.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Received;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.TestProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real catalogs and engines are known to send that a naive proxy would spoil. */
class CatalogTrapsTest {
  private static final String TABLE = "/v1/prod/namespaces/a/tables/t";

  @TempDir Path folder;
  private final FakeUpstream upstream = new FakeUpstream();
  private TestProxy proxy;

  @BeforeEach
  void start() {
    upstream.config("{\"overrides\":{\"prefix\":\"main\"}}");
    proxy = new TestProxy(folder, upstream.uri());
  }

  @AfterEach
  void stop() {
    proxy.close();
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"f8553a5d", "f8553a5d--gzip", "\"f8553a5d--gzip\"", "W/\"0a\"", "\"a\", \"b\""})
  void entityTags_areTheUpstreamsOwnInBothDirections(String tag) throws Exception {
    upstream.replies(
        request ->
            request.header("If-None-Match").filter(tag::equals).isPresent()
                ? new Reply(304, Map.of("ETag", tag), new byte[0])
                : new Reply(
                    200,
                    Map.of("ETag", tag, "Content-Type", "application/json"),
                    "{}".getBytes(StandardCharsets.UTF_8)));

    HttpResponse<String> first =
        proxy.send("GET", TABLE + "?snapshots=all", "", "Accept-Encoding", "gzip");
    HttpResponse<String> second =
        proxy.send("GET", TABLE + "?snapshots=all", "", "If-None-Match", tag);

    assertThat(first.headers().allValues("ETag")).containsExactly(tag);
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.headers().allValues("ETag")).containsExactly(tag);
  }

  @Test
  void sameLoad_underTwoUrls_staysTwoQuestions() throws Exception {
    proxy.send("GET", TABLE, "");
    proxy.send("GET", TABLE + "?snapshots=all", "");
    proxy.send("GET", TABLE + "?snapshots=refs&referenced-by=a%1Fv,b", "");

    assertThat(upstream.targets())
        .containsExactly(
            "/iceberg/v1/main/namespaces/a/tables/t",
            "/iceberg/v1/main/namespaces/a/tables/t?snapshots=all",
            "/iceberg/v1/main/namespaces/a/tables/t?snapshots=refs&referenced-by=a%1Fv,b");
  }

  @Test
  void tokenRequest_beforeAnyConfig_goesAsItIs() throws Exception {
    String form = "grant_type=client_credentials&client_id=a&client_secret=b%20c";
    upstream.replies(request -> Reply.json(200, "{\"access_token\":\"t\"}"));

    HttpResponse<String> answer =
        proxy.send(
            "POST",
            "/v1/oauth/tokens",
            form,
            "Content-Type",
            "application/x-www-form-urlencoded",
            "X-Iceberg-Access-Delegation",
            "vended-credentials");

    Received received = upstream.received().get(0);
    assertThat(answer.body()).isEqualTo("{\"access_token\":\"t\"}");
    assertThat(upstream.configRequests()).isEmpty();
    assertThat(received.target()).isEqualTo("/iceberg/v1/oauth/tokens");
    assertThat(new String(received.body(), StandardCharsets.UTF_8)).isEqualTo(form);
    assertThat(received.header("Content-Type")).contains("application/x-www-form-urlencoded");
    assertThat(proxy.intents()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "POST,namespaces/a/tables/t/metrics,204",
    "POST,namespaces/a/tables/t/plan,200",
    "GET,namespaces/a/tables/t/plan/p-1,200",
    "DELETE,namespaces/a/tables/t/plan/p-1,204",
    "POST,namespaces/a/tables/t/tasks,200",
    "GET,namespaces/a/tables/t/credentials?planId=p-1,200",
    "POST,namespaces/a/tables/t/sign,200",
    "POST,s3sign/H4sIAAAA_-b,200",
    "GET,namespaces/a/functions,200",
    "GET,namespaces/a/functions/f,200"
  })
  void routesOfTheSource_passWithoutAnIntent(String method, String path, int status)
      throws Exception {
    String body = method.equals("POST") ? "{\"select\":[\"id\"],\"filter\":true}" : "";
    upstream.replies(
        request ->
            status == 204 ? Reply.empty(204) : Reply.json(200, "{\"uri\":\"s3://b/data/f\"}"));

    HttpResponse<String> answer = proxy.send(method, "/v1/prod/" + path, body);

    Received received = upstream.received().get(0);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(status == 204 ? "" : "{\"uri\":\"s3://b/data/f\"}");
    assertThat(received.method()).isEqualTo(method);
    assertThat(received.target()).isEqualTo("/iceberg/v1/main/" + path);
    assertThat(new String(received.body(), StandardCharsets.UTF_8)).isEqualTo(body);
    assertThat(proxy.counted("intents")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET namespaces/a/tables/t/credentials",
        "POST namespaces/a/tables/t/plan",
        "GET namespaces/a/tables/t/plan/p-1",
        "POST namespaces/a/register",
        "POST namespaces/a/views"
      })
  void linksOfStorageCredentials_leadThroughTheProxy(String call) throws Exception {
    String answer =
        "{\"storage-credentials\":[{\"prefix\":\"s3://b\",\"config\":"
            + "{\"client.refresh-credentials-endpoint\":\"%1$s\",\"s3.signer.uri\":\"%2$s\"}}]}";
    String path = "namespaces/a/tables/t/credentials";
    upstream.replies(
        request -> Reply.json(200, answer.formatted("v1/main/" + path, upstream.uri())));
    String[] words = call.split(" ");

    HttpResponse<String> received = proxy.send(words[0], "/v1/prod/" + words[1], "");

    assertThat(received.body()).isEqualTo(answer.formatted("v1/prod/" + path, proxy.base()));
  }

  @Test
  void twoStepCreate_stagesAndCommitsWithItsBodiesUntouched() throws Exception {
    String stage = "{\"name\":\"t\",\"stage-create\":true,\"location\":\"s3://b/a/t-0\"}";
    String commit = "{\"requirements\":[{\"type\":\"assert-create\"}],\"updates\":[]}";

    proxy.send("POST", "/v1/prod/namespaces/a/tables", stage);
    proxy.send("POST", TABLE, commit);

    assertThat(upstream.received())
        .extracting(received -> new String(received.body(), StandardCharsets.UTF_8))
        .containsExactly(stage, commit);
    assertThat(proxy.counted("intents")).isEqualTo(2);
  }

  @Test
  void commit_zippedByTheClient_arrivesZippedAndIsRecordedPlain() throws Exception {
    String commit = "{\"requirements\":[],\"updates\":[{\"action\":\"set-properties\"}]}";
    byte[] zipped = zipped(commit);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(proxy.base() + TABLE))
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(zipped))
            .build();

    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);

    Received received = upstream.received().get(0);
    assertThat(received.body()).isEqualTo(zipped);
    assertThat(received.header("Content-Encoding")).contains("gzip");
    assertThat(new String(proxy.intents().get(0).body(), StandardCharsets.UTF_8)).isEqualTo(commit);
  }

  @Test
  void answers_zippedAgainstOurWish_areReadAllTheSame() throws Exception {
    String load =
        "{\"metadata\":{\"a\":1},\"config\":{\"s3.signer.endpoint\":\"v1/main/s3sign/b\"}}";
    upstream.replies(
        request -> {
          Map<String, String> headers = new HashMap<>();
          headers.put("Content-Type", "application/json");
          headers.put("Content-Encoding", "gzip");
          headers.put("ETag", "f8--gzip");
          return new Reply(200, headers, zipped(load));
        });

    HttpResponse<String> answer = proxy.send("GET", TABLE, "");

    assertThat(answer.body()).isEqualTo(load.replace("v1/main", "v1/prod"));
    assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(answer.headers().firstValue("ETag")).contains("f8--gzip");
  }

  @Test
  void refusalOfALargeBody_isTheUpstreams() throws Exception {
    upstream.replies(
        request ->
            new Reply(
                413,
                Map.of("Content-Type", "text/html"),
                "<html>too large</html>".getBytes(StandardCharsets.UTF_8)));

    HttpResponse<String> answer = proxy.send("POST", TABLE, "x".repeat(500_000));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).startsWith("{\"error\":{").doesNotContain("html");
    assertThat(upstream.received().get(0).body()).hasSize(500_000);
  }

  @Test
  void purge_andOtherQueries_arrive() throws Exception {
    upstream.replies(request -> Reply.empty(204));

    HttpResponse<String> answer = proxy.send("DELETE", TABLE + "?purgeRequested=true", "");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(upstream.targets())
        .containsExactly("/iceberg/v1/main/namespaces/a/tables/t?purgeRequested=true");
  }

  private static byte[] zipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
