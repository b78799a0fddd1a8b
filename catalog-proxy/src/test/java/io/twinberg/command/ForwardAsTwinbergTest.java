package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.twinberg.config.ConfigLoader;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Received;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.RawClient;
import io.twinberg.testing.SigV4Verifier;
import io.twinberg.testing.TokenServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A whole proxy with {@code forward: twinberg}, from its configuration to the wire upstream. */
class ForwardAsTwinbergTest {
  private static final String SIGV4 =
      "{ type: sigv4, signing-name: s3tables, region: eu-west-1, access-key-id: AKID, secret-access-key: hush }";
  private static final SigV4Verifier SERVICE =
      new SigV4Verifier("eu-west-1", "s3tables", "AKID", "hush");
  private static final String ACCESS =
      """
      access:
        tokens:
          - { name: etl, secret: s-etl, grants: ["write:prod"] }
          - { name: analyst, secret: s-analyst, grants: ["read:prod"] }
          - { name: other, secret: s-other, grants: ["write:replica", "manage:admin"] }
      """;
  private static final List<String> ODD_TARGETS =
      List.of(
          "namespaces/a%1Fnest",
          "namespaces/a%7Cb/tables/c%20d",
          "namespaces/a+b/tables/%F0%9F%98%80",
          "namespaces/a%2Fb/tables/%252e",
          "namespaces//tables",
          "namespaces/a/tables/",
          "namespaces/(a)!$'*,:@&=~_-",
          "namespaces/a;v=1/tables/t;x",
          "namespaces?parent=a%1Fb&pageToken=&pageSize=2",
          "namespaces?b=2&a=z&a=&a=y%2Fx&empty&z=%20+%7C&q=a=b=c");
  private static final String COMMIT = "{\"requirements\":[],\"updates\":[]}";

  @TempDir private Path folder;

  private final FakeUpstream upstream = new FakeUpstream();
  private final TokenServer tokens = new TokenServer();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private TwinbergServer server;

  private void start(String access, String forwardAuth) {
    String yaml =
        """
        server: { port: 0 }
        management: { port: 0 }
        %s
        sources:
          prod:
            uri: %s
            forward: twinberg
            forward-auth: %s
        """
            .formatted(access, upstream.uri(), forwardAuth);
    server =
        TwinbergServer.start(
            ConfigLoader.parse(yaml, folder, name -> null), EnumSet.of(Role.PROXY));
  }

  private void startWithOAuth2() {
    start(ACCESS, "{ type: oauth2, credential: 'id:hush', server-uri: '" + tokens.uri() + "' }");
  }

  @AfterEach
  void stop() {
    server.close();
    upstream.close();
    tokens.close();
  }

  private HttpResponse<String> send(String method, String path, BodyPublisher body, String... more)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/catalogs/prod/" + path))
            .method(method, body);
    if (more.length > 0) {
      request.headers(more);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> as(String secret, String method, String path) throws Exception {
    return send(method, path, BodyPublishers.noBody(), "Authorization", "Bearer " + secret);
  }

  private HttpResponse<String> commit() throws Exception {
    return send(
        "POST",
        "v1/prod/namespaces/n/tables/t",
        BodyPublishers.ofString(COMMIT),
        "Authorization",
        "Bearer s-etl",
        "Content-Type",
        "application/json");
  }

  private static Optional<String> complaint(Received request) {
    return SERVICE.complaint(
        request.method(), request.target(), request.headers(), request.body(), Instant.now());
  }

  @Test
  void sigv4_overOddTargets_holdsUpstream() throws Exception {
    upstream.config("{\"overrides\":{\"prefix\":\"arn%3Aaws%3As3tables%3A1%3Ab%2Fb\"}}");
    start("", SIGV4);

    for (String path : ODD_TARGETS) {
      String answer = RawClient.get(server.port(), "/catalogs/prod/v1/prod/" + path);
      assertThat(RawClient.status(answer)).as(answer).isEqualTo(200);
    }

    assertThat(upstream.targets())
        .containsExactlyElementsOf(
            ODD_TARGETS.stream()
                .map(path -> "/iceberg/v1/arn%3Aaws%3As3tables%3A1%3Ab%2Fb/" + path)
                .toList());
    assertThat(Stream.concat(upstream.received().stream(), upstream.configRequests().stream()))
        .hasSize(ODD_TARGETS.size() + 1)
        .allSatisfy(request -> assertThat(complaint(request)).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "GET,namespaces/n/tables/t,0",
    "HEAD,namespaces/n,0",
    "DELETE,namespaces/n/tables/t,0",
    "POST,namespaces/n/tables/t,0",
    "POST,namespaces/n/tables/t,1000000",
    "POST,namespaces/n/tables/t/metrics,700",
    "POST,namespaces/n/tables/t/plan,1000000"
  })
  void sigv4_overBodies_holdsUpstream(String method, String path, int size) throws Exception {
    start(ACCESS, SIGV4);
    byte[] body = "x".repeat(size).getBytes(StandardCharsets.UTF_8);
    // Of unknown length where there is one: it goes up chunked and must be signed whole.
    BodyPublisher publisher =
        size == 0
            ? BodyPublishers.noBody()
            : BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body));

    HttpResponse<String> answer =
        send(
            method,
            "v1/prod/" + path,
            publisher,
            "Authorization",
            "Bearer s-etl",
            "X-Iceberg-Access-Delegation",
            "vended-credentials");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(upstream.received())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.body()).isEqualTo(body);
              assertThat(complaint(request)).isEmpty();
            });
  }

  @Test
  void sigv4_wrongKey_isFoundOutUpstream() throws Exception {
    start("", SIGV4.replace("hush", "wrong"));
    as("any", "GET", "v1/prod/namespaces");

    assertThat(upstream.received())
        .singleElement()
        .satisfies(request -> assertThat(complaint(request)).isPresent());
  }

  @Test
  void sigv4_bodyAboveTheLimit_isRefusedBeforeAnythingIsSigned() throws Exception {
    start("", SIGV4);
    byte[] large = new byte[(64 << 20) + 1];

    HttpResponse<String> answer =
        send("POST", "v1/prod/namespaces/n/tables/t/plan", BodyPublishers.ofByteArray(large));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(upstream.received()).isEmpty();
  }

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
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(commit().statusCode()).isEqualTo(200));
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
      await().atMost(Duration.ofSeconds(10)).until(() -> commit().body().contains("HTTP 400"));
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
}
