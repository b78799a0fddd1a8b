package io.twinberg.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.TestProxy;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients learn from the config, and what the proxy learns from the upstream's. */
class ConfigTest {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  private JsonNode config() throws Exception {
    HttpResponse<String> answer = proxy.send("GET", "/v1/config?warehouse=any&x=1", "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  @Test
  void nessieLike_everyWayAroundTheProxyIsClosed() throws Exception {
    String base = upstream.uri().toString();
    upstream.config(
        """
        {"defaults":{"prefix":"main%%7Csecond","rest-page-size":"200","warehouse":"s3://bucket-b/x"},
         "overrides":{"uri":"%1$s/","nessie.core-base-uri":"%1$s/../api/","nessie.iceberg-base-uri":"%1$s/",
           "nessie.is-nessie-catalog":"true","s3.endpoint":"%1$s-s3/","s3.signer.uri":"%1$s/",
           "s3.signer.endpoint":"v1/main%%7Csecond/s3sign/blob","oauth2-server-uri":"%1$s/v1/oauth/tokens",
           "rest.other-uri":"%1$s/v1/other","token-exchange-uri":"https://sso.example/token"}}
        """
            .formatted(base));

    JsonNode config = config();

    assertThat(config.path("defaults").has("prefix")).isFalse();
    assertThat(config.path("defaults").path("rest-page-size").textValue()).isEqualTo("200");
    JsonNode overrides = config.path("overrides");
    assertThat(overrides.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "prefix",
            "nessie.is-nessie-catalog",
            "s3.endpoint",
            "s3.signer.uri",
            "s3.signer.endpoint",
            "oauth2-server-uri",
            "rest.other-uri",
            "token-exchange-uri");
    assertThat(overrides.path("prefix").textValue()).isEqualTo("prod");
    assertThat(overrides.path("s3.endpoint").textValue()).isEqualTo(base + "-s3/");
    assertThat(overrides.path("s3.signer.uri").textValue()).isEqualTo(proxy.base() + "/");
    assertThat(overrides.path("s3.signer.endpoint").textValue()).isEqualTo("v1/prod/s3sign/blob");
    assertThat(overrides.path("oauth2-server-uri").textValue())
        .isEqualTo(proxy.base() + "/v1/oauth/tokens");
    assertThat(overrides.path("rest.other-uri").textValue()).isEqualTo(proxy.base() + "/v1/other");
    assertThat(overrides.path("token-exchange-uri").textValue())
        .isEqualTo("https://sso.example/token");
  }

  @Test
  void fixtureLike_separatorIsTheDefaultAndEndpointsStay() throws Exception {
    upstream.config(
        """
        {"defaults":{},"overrides":{"namespace-separator":"%2E"},"idempotency-key-lifetime":"PT30M",
         "endpoints":["GET /v1/config","POST v1/oauth/tokens","POST https://auth-server.com/token",7],"new":{"a":1}}
        """);

    JsonNode config = config();
    proxy.send("GET", "/v1/prod/namespaces/a%1Fb.c%1fd/tables/x%1Fy", "");
    proxy.send("GET", "/v1/prod/namespaces?parent=a%1Fb&pageToken=p%1F", "");
    proxy.send("POST", "/v1/prod/namespaces/a%1Fb/tables/t", "{}");

    assertThat(config.path("overrides")).isEqualTo(JSON.readTree("{\"prefix\":\"prod\"}"));
    assertThat(config.path("endpoints"))
        .isEqualTo(
            JSON.readTree(
                "[\"GET /v1/config\",\"POST v1/oauth/tokens\",\"POST https://auth-server.com/token\",7]"));
    assertThat(config.path("idempotency-key-lifetime").textValue()).isEqualTo("PT30M");
    assertThat(config.path("new")).isEqualTo(JSON.readTree("{\"a\":1}"));
    assertThat(upstream.targets())
        .containsExactly(
            "/iceberg/v1/namespaces/a%2Eb.c%2Ed/tables/x%1Fy",
            "/iceberg/v1/namespaces?parent=a%2Eb&pageToken=p%1F",
            "/iceberg/v1/namespaces/a%2Eb/tables/t");
    assertThat(proxy.intents().get(0).targets()).hasToString("[a.b.t]");
  }

  @Test
  void config_warehouseIsTheConfiguredOne() throws Exception {
    config();

    assertThat(upstream.configRequests().get(0).target())
        .isEqualTo("/iceberg/v1/config?x=1&warehouse=lake+house");
  }

  @Test
  void call_beforeAnyConfig_learnsThePrefixOnceAsTheCaller() throws Exception {
    upstream.config("{\"overrides\":{\"prefix\":\"main%7Csecond\"}}");

    proxy.send("GET", "/v1/prod/namespaces", "", "Authorization", "Bearer c");
    proxy.send("GET", "/v1/main%7Csecond/s3sign/x", "");

    assertThat(upstream.configRequests()).hasSize(1);
    assertThat(upstream.configRequests().get(0).header("Authorization")).contains("Bearer c");
    assertThat(upstream.targets())
        .containsExactly(
            "/iceberg/v1/main%7Csecond/namespaces", "/iceberg/v1/main%7Csecond/s3sign/x");
  }

  @Test
  void call_configRefused_clientGetsTheRefusalAndNothingIsSent() throws Exception {
    upstream.config("");

    HttpResponse<String> answer = proxy.send("POST", "/v1/prod/namespaces", "{}");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("NotAuthorizedException");
    assertThat(upstream.received()).isEmpty();
    assertThat(proxy.counted("intents")).isZero();
  }

  @Test
  void config_thatIsNone_isAnErrorThatNamesTheSetting() throws Exception {
    upstream.config("<html>hello</html>");

    HttpResponse<String> answer = proxy.send("GET", "/v1/config", "");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("sources.prod.uri");
  }

  @Test
  void load_linksInTheTablesConfig_areRewrittenAndTheRestStays() throws Exception {
    upstream.config("{\"overrides\":{\"prefix\":\"main\"}}");
    String base = upstream.uri().toString();
    String load =
        """
        { "metadata-location":"s3://b/1.json",
          "metadata": {"x" : 1.50, "properties":{"config":{"uri":"%1$s/keep"}, "y":"v1/main/keep"}},
          "config":{"s3.signer.uri":"%2$s/","s3.signer.endpoint":"%3$s/s3sign/b","n":"\\u00e9"},
          "storage-credentials":[{"prefix":"s3://b","config":{"client.refresh-credentials-endpoint":"/%3$s/c"}}] }\
        """;
    upstream.replies(request -> Reply.json(200, load.formatted(base, base, "v1/main")));

    HttpResponse<String> answer = proxy.send("GET", "/v1/prod/namespaces/a/tables/t", "");

    assertThat(answer.body()).isEqualTo(load.formatted(base, proxy.base(), "v1/prod"));
  }
}
