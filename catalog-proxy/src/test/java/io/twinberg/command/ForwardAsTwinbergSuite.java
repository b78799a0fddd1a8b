package io.twinberg.command;

import io.twinberg.config.ConfigLoader;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.testing.TokenServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A server that calls its upstream catalog as itself. */
abstract class ForwardAsTwinbergSuite {
  static final String ACCESS =
      """
      access:
        tokens:
          - { name: etl, secret: s-etl, grants: ["write:prod"] }
          - { name: analyst, secret: s-analyst, grants: ["read:prod"] }
          - { name: other, secret: s-other, grants: ["write:replica", "manage:admin"] }
      """;

  private static final String COMMIT = "{\"requirements\":[],\"updates\":[]}";

  @TempDir private Path folder;

  final FakeUpstream upstream = new FakeUpstream();
  final TokenServer tokens = new TokenServer();
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  TwinbergServer server;

  void start(String access, String forwardAuth) {
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

  void startWithOAuth2() {
    start(ACCESS, "{ type: oauth2, credential: 'id:hush', server-uri: '" + tokens.uri() + "' }");
  }

  @AfterEach
  void stop() {
    server.close();
    upstream.close();
    tokens.close();
  }

  HttpResponse<String> send(String method, String path, BodyPublisher body, String... more)
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

  HttpResponse<String> as(String secret, String method, String path) throws Exception {
    return send(method, path, BodyPublishers.noBody(), "Authorization", "Bearer " + secret);
  }

  HttpResponse<String> commit() throws Exception {
    return send(
        "POST",
        "v1/prod/namespaces/n/tables/t",
        BodyPublishers.ofString(COMMIT),
        "Authorization",
        "Bearer s-etl",
        "Content-Type",
        "application/json");
  }
}
