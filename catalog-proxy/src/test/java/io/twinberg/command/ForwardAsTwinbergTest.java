package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.RawClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose credentials go where. */
class ForwardAsTwinbergTest extends ForwardAsTwinbergSuite {
  @Test
  void caller_hisCredentials_neverGoUpstream() throws Exception {
    start(ACCESS, "{ type: bearer, token: ours }");

    send(
        "GET",
        "v1/prod/namespaces",
        BodyPublishers.noBody(),
        "Authorization",
        "Bearer s-analyst",
        "Cookie",
        "session=his",
        "X-Amz-Security-Token",
        "his",
        "X-Amz-Date",
        "20260101T000000Z",
        "Original-Authorization",
        "his",
        "Proxy-Auth-User",
        "his",
        "X-Api-Key",
        "his",
        "X-Client-Version",
        "kept");

    assertThat(upstream.received())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.headers().toString()).doesNotContain("his", "s-analyst");
              assertThat(request.headers().get("Authorization")).containsExactly("Bearer ours");
              assertThat(request.header("X-Client-Version")).contains("kept");
            });
    assertThat(upstream.configRequests().toString()).doesNotContain("his", "s-analyst");
  }

  @Test
  void answer_sessionsAndLoginSettingsOfTheCatalog_stayWithTwinberg() throws Exception {
    upstream.config(
        """
        {"defaults":{"token":"up-1","rest.sigv4-enabled":"true","io-impl":"x"},
         "overrides":{"credential":"up-2","rest.auth.type":"sigv4","oauth2-server-uri":"http://idp"}}
        """);
    String table =
        """
        {"metadata":{"token":"kept"},"config":{"a":"1","token":"up-3","rest.auth.x\\"y":{"z":"up-4"},"s3.session-token":"vended"}}
        """;
    upstream.replies(
        request ->
            new Reply(
                200,
                Map.of("Content-Type", "application/json", "Set-Cookie", "up-5=x"),
                table.getBytes(StandardCharsets.UTF_8)));
    start(ACCESS, "{ type: bearer, token: ours }");

    HttpResponse<String> config = as("s-etl", "GET", "v1/config");
    assertThat(config.body())
        .contains("io-impl")
        .doesNotContain("up-", "sigv4", "http://idp", "credential");
    HttpResponse<String> loaded = as("s-etl", "GET", "v1/prod/namespaces/n/tables/t");
    assertThat(loaded.body())
        .isEqualTo(
            """
            {"metadata":{"token":"kept"},"config":{"a":"1","twinberg.withheld.token":"","twinberg.withheld.rest.auth.x\\"y":"","s3.session-token":"vended"}}
            """);
    assertThat(loaded.headers().map()).doesNotContainKey("set-cookie");
  }

  @Test
  void caller_withoutTheGrant_causesNoTokenNoSignatureAndNoCall() throws Exception {
    startWithOAuth2();

    for (String row :
        List.of(
            "s-other,GET,v1/config,403",
            "s-other,GET,v1/prod/namespaces,403",
            "s-other,POST,v1/prod/namespaces/n/tables/t,403",
            "s-other,POST,v1/oauth/tokens,400",
            "unknown,GET,v1/prod/namespaces,401",
            "unknown,POST,v1/prod/namespaces/n/tables/t/metrics,401",
            "s-analyst,POST,v1/prod/namespaces/n/tables/t,403",
            "s-analyst,DELETE,v1/prod/namespaces/n,403",
            "s-analyst,POST,v1/prod/namespaces/n/tables/t/sign,403")) {
      String[] call = row.split(",");
      assertThat(as(call[0], call[1], call[2]).statusCode())
          .as(row)
          .isEqualTo(Integer.parseInt(call[3]));
    }

    assertThat(tokens.forms()).isEmpty();
    assertThat(upstream.received()).isEmpty();
    assertThat(upstream.configRequests()).isEmpty();
  }

  @Test
  void tokenRoutes_howeverWritten_areNotForwarded() throws Exception {
    upstream.config("{\"overrides\":{\"prefix\":\"main\"}}");
    startWithOAuth2();

    for (String path :
        List.of(
            "v1/oauth/tokens",
            "v1/prod/oauth/tokens",
            "v1/main/oauth/tokens",
            "v1//oauth/tokens",
            "v1/oauth%2Ftokens",
            "v1/%6Fauth/tokens",
            "v1/OAuth/tokens",
            "v1/;x/oauth;y/tokens",
            "v1/main//oauth/tokens")) {
      // One connection each: an answer that leaves the body unread may end its connection.
      String answer =
          RawClient.send(
              server.port(),
              "POST /catalogs/prod/"
                  + path
                  + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer s-etl\r\n"
                  + "Content-Length: 3\r\n\r\na=b");
      assertThat(RawClient.status(answer)).as(path + answer).isEqualTo(400);
      // Twinberg's own token endpoint, or a refusal to be taken for it.
      assertThat(answer)
          .containsAnyOf("\"error\":\"invalid_request\"", "\"type\":\"BadRequestException\"");
    }

    assertThat(upstream.received()).isEmpty();
  }

  @Test
  void namespaceNamedLikeATokenRoute_isForwarded() throws Exception {
    startWithOAuth2();

    assertThat(as("s-etl", "GET", "v1/prod/namespaces/oauth/tables").statusCode()).isEqualTo(200);
  }

  @Test
  void open_withoutAccessOnLoopback_isForwardedAsTwinberg() throws Exception {
    start("", "{ type: bearer, token: ours }");

    assertThat(send("GET", "v1/prod/namespaces", BodyPublishers.noBody()).statusCode())
        .isEqualTo(200);
    assertThat(upstream.received().get(0).header("Authorization")).contains("Bearer ours");
  }

  @ParameterizedTest
  @CsvSource({"s-etl,true", "s-analyst,false"})
  void vendedCredentials_areAskedForOnlyForCallersWhoMayWrite(String secret, boolean may)
      throws Exception {
    start(ACCESS, "{ type: bearer, token: ours }");

    send(
        "GET",
        "v1/prod/namespaces/n/tables/t",
        BodyPublishers.noBody(),
        "Authorization",
        "Bearer " + secret,
        "X-Iceberg-Access-Delegation",
        "vended-credentials");
    HttpResponse<String> credentials =
        as(secret, "GET", "v1/prod/namespaces/n/tables/t/credentials");
    HttpResponse<String> table = as(secret, "GET", "v1/prod/namespaces/tables/tables/credentials");

    assertThat(upstream.received().get(0).header("X-Iceberg-Access-Delegation").isPresent())
        .isEqualTo(may);
    assertThat(credentials.statusCode()).isEqualTo(may ? 200 : 403);
    assertThat(table.statusCode()).isEqualTo(200);
    assertThat(upstream.received()).hasSize(may ? 3 : 2);
  }
}
