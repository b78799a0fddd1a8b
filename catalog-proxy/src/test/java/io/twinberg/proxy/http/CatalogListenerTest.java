package io.twinberg.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.http.FixedDirectory.Entry;
import io.twinberg.proxy.testing.RawClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The listener: which catalog a call goes to, and errors that are always Iceberg's JSON. */
class CatalogListenerTest {
  private final AtomicReference<Optional<String>> problem = new AtomicReference<>(Optional.empty());
  private final CatalogListener listener = listener(Optional.of("prod"));

  private CatalogListener listener(Optional<String> defaultSource) {
    Map<String, Entry> entries =
        Map.of(
            "prod", new Entry(() -> echo("prod"), Optional.of("wh")),
            "lake", new Entry(() -> echo("lake"), Optional.of("twice")),
            "pond", new Entry(() -> echo("pond"), Optional.of("twice")),
            "eu", new Entry(() -> echo("eu"), Optional.empty()));
    CatalogListener started =
        new CatalogListener(
            new ListenerSettings(
                "127.0.0.1",
                0,
                16,
                1000,
                Duration.ofSeconds(30),
                ClientPace.DEFAULT,
                Optional.empty()),
            new FixedDirectory(entries, defaultSource),
            AccessPolicy.open(),
            List.of(new ReadinessCheck("database", problem::get)));
    started.start();
    return started;
  }

  private static ServedCatalog echo(String name) {
    return call -> CatalogAnswer.json(200, echo(name, call).getBytes(StandardCharsets.UTF_8));
  }

  private static String echo(String name, CatalogCall call) {
    if (call.path().endsWith("/bug")) {
      throw new IllegalStateException("a secret detail");
    }
    try {
      call.body().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return String.join(" ", name, call.method(), call.path(), call.base());
  }

  @AfterEach
  void stop() {
    listener.close();
  }

  private String get(String target) throws IOException {
    return RawClient.get(listener.port(), target);
  }

  private static String bodyOf(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @ParameterizedTest
  @CsvSource({
    "/catalogs/eu/v1/config,eu,v1/config",
    "/catalogs/eu/v1/config?warehouse=whatever,eu,v1/config",
    "/catalogs/eu/v1/eu/namespaces,eu,v1/namespaces",
    "/catalogs/eu/v1/namespaces,eu,v1/namespaces",
    "/catalogs/eu/v1/prod/namespaces,eu,v1/prod/namespaces",
    "/catalogs/eu/v1/oauth/tokens,eu,v1/oauth/tokens",
    "/v1/config,prod,v1/config",
    "/v1/config?warehouse=,prod,v1/config",
    "/v1/config?warehouse=lake,lake,v1/config",
    "/v1/config?x=1&warehouse=wh,prod,v1/config",
    "/v1/lake/namespaces/a%1Fb,lake,v1/namespaces/a%1Fb",
    "/v1/lake/eu/x,lake,v1/eu/x",
    "/v1/namespaces/lake,prod,v1/namespaces/lake",
    "/v1/oauth/tokens,prod,v1/oauth/tokens"
  })
  void call_goesToItsCatalog(String target, String name, String path) throws IOException {
    assertThat(bodyOf(get(target)))
        .isEqualTo(String.join(" ", name, "GET", path, "http://h/catalogs/" + name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/catalogs/none/v1/config",
        "/v1/config?warehouse=none",
        "/v1/config?warehouse=twice",
        "/v1/none/namespaces"
      })
  void call_unknownCatalog_isNotFoundAndNamesThoseServed(String target) throws IOException {
    String answer = get(target);

    assertThat(RawClient.status(answer)).isEqualTo(404);
    assertThat(bodyOf(answer))
        .contains("\"type\":\"NotFoundException\"", "eu, lake, pond, prod", "\"code\":404")
        .containsAnyOf("'none'", "'twice'");
  }

  @Test
  void call_withoutNameAndDefault_saysToSetTheWarehouse() throws IOException {
    try (CatalogListener withoutDefault = listener(Optional.empty())) {
      String answer = RawClient.get(withoutDefault.port(), "/v1/config");

      assertThat(RawClient.status(answer)).isEqualTo(400);
      assertThat(bodyOf(answer)).contains("warehouse", "BadRequestException");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET /nothing HTTP/1.1,404",
    "GET / HTTP/1.1,404",
    "GET /catalogs/eu/v2/config HTTP/1.1,404",
    "GET /catalogs/eu/v1/a/../b HTTP/1.1,400",
    "GET /catalogs/eu/v1/a/%2E%2e/b HTTP/1.1,400",
    "GET /catalogs/eu/v1/a/.;x/b HTTP/1.1,400",
    "GET /catalogs/eu/v1/config?warehouse=%zz HTTP/1.1,200",
    "GET /v1/config?warehouse=%zz HTTP/1.1,400",
    "BREW /catalogs/eu/v1/config HTTP/1.1,405",
    "TRACE /catalogs/eu/v1/config HTTP/1.1,405",
    "GET /catalogs/eu/v1/config HTTP/7.7,505",
    "nonsense,400",
    "GET /catalogs/eu/v1/bug HTTP/1.1,500"
  })
  void request_whateverIsWrong_isAnsweredWithIcebergsJson(String line, int status)
      throws IOException {
    String answer =
        RawClient.send(listener.port(), line + "\r\nHost: h\r\nConnection: close\r\n\r\n");

    assertThat(RawClient.status(answer)).as(answer).isEqualTo(status);
    assertThat(answer).doesNotContain("<html").doesNotContain("secret").doesNotContain("\tat ");
    if (status != 200) {
      assertThat(answer).containsIgnoringCase("content-type: application/json");
      assertThat(bodyOf(answer))
          .startsWith("{\"error\":{\"message\":")
          .contains("\"code\":" + status);
    }
  }

  @Test
  void request_headersTooLarge_isAnsweredWithIcebergsJson() throws IOException {
    String answer =
        RawClient.send(
            listener.port(),
            "GET /v1/config HTTP/1.1\r\nHost: h\r\nX: " + "y".repeat(70_000) + "\r\n\r\n");

    assertThat(RawClient.status(answer)).isEqualTo(431);
    assertThat(bodyOf(answer)).startsWith("{\"error\":{").contains("\"code\":431");
  }

  @Test
  void request_pathTooLong_isAnsweredWithIcebergsJson() throws IOException {
    String answer = get("/v1/config?x=" + "y".repeat(70_000));

    assertThat(RawClient.status(answer)).isEqualTo(414);
    assertThat(bodyOf(answer)).startsWith("{\"error\":{").contains("\"code\":414");
  }

  @Test
  void body_aboveTheLimit_isRefusedWithOrWithoutLength() throws IOException {
    String head = "POST /catalogs/eu/v1/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";
    String sized =
        RawClient.send(listener.port(), head + "Content-Length: 1001\r\n\r\n" + "x".repeat(1001));
    String chunked =
        RawClient.send(
            listener.port(),
            head
                + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n"
                + "x".repeat(1001)
                + "\r\n0\r\n\r\n");

    assertThat(List.of(sized, chunked))
        .allSatisfy(answer -> assertThat(RawClient.status(answer)).isEqualTo(413))
        .allSatisfy(answer -> assertThat(answer).contains("RequestTooLargeException"));
  }

  @Test
  void requestId_isKeptWhereSaneAndMadeWhereNot() throws IOException {
    String head = "GET /v1/config HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Request-ID: ";

    assertThat(RawClient.send(listener.port(), head + "job-7.a\r\n\r\n"))
        .containsIgnoringCase("x-request-id: job-7.a\r\n");
    assertThat(RawClient.send(listener.port(), head + "a b\"<\r\n\r\n"))
        .containsIgnoringCase("x-request-id: ")
        .doesNotContain("a b\"<");
  }

  @Test
  void ready_followsItsChecksAndLiveDoesNot() throws IOException {
    assertThat(bodyOf(get("/health/ready")))
        .isEqualTo("{\"status\":\"up\",\"checks\":{\"database\":\"ok\"}}");

    problem.set(Optional.of("cannot be reached"));

    String down = get("/health/ready");
    assertThat(RawClient.status(down)).isEqualTo(503);
    assertThat(bodyOf(down)).contains("\"status\":\"down\"", "\"database\":\"cannot be reached\"");
    assertThat(RawClient.status(get("/health/live"))).isEqualTo(200);
  }

  @Test
  void start_portTaken_saysWhichAndWhatToDo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CatalogListener late =
          new CatalogListener(
              ListenerSettings.at("127.0.0.1", taken.getLocalPort()),
              new FixedDirectory(Map.of(), Optional.empty()),
              AccessPolicy.open(),
              List.of());

      assertThatThrownBy(late::start)
          .isInstanceOf(ListenerException.class)
          .hasMessageStartingWith(
              "server.port " + taken.getLocalPort() + " on 127.0.0.1 is in use");
    }
  }

  /** A client that sends its next call on a connection that is being ended sees a broken one. */
  @Test
  void refusal_bodyNotRead_leavesTheConnectionForTheNextCall() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      send(socket, "POST /catalogs/none/v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .as("the rest of the body is waited for")
          .isInstanceOf(SocketTimeoutException.class);
      socket.setSoTimeout(20_000);

      send(
          socket, "cdeGET /catalogs/eu/v1/config HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

      String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answers).startsWith("HTTP/1.1 404").contains("HTTP/1.1 200", "eu GET v1/config");
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }
}
