package io.twinberg.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.catalog.CallLimit;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.http.FixedDirectory.Entry;
import io.twinberg.proxy.testing.RawClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send or read slowly lose their connection, and hold neither threads nor places. */
@Timeout(180)
class SlowClientsTest {
  private static final Duration PATIENCE = Duration.ofMillis(600);

  /** Shorter than a connection may rest, longer than a busy machine takes to notice. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final int PLACES = 4;
  private static final byte[] LARGE = new byte[64 << 20];

  private final CallLimit places = new CallLimit(PLACES);
  private final CountDownLatch taken = new CountDownLatch(PLACES);
  private final List<Socket> sockets = new ArrayList<>();
  private CatalogListener listener;

  @BeforeEach
  void start() {
    Map<String, Entry> entries =
        Map.of(
            "echo", new Entry(() -> SlowClientsTest::echo, Optional.empty()),
            "late", new Entry(() -> SlowClientsTest::late, Optional.empty()),
            "large", new Entry(() -> limited(call -> large()), Optional.empty()));
    listener =
        new CatalogListener(
            new ListenerSettings(
                "127.0.0.1",
                0,
                16,
                1 << 20,
                Duration.ofSeconds(40),
                new ClientPace(PATIENCE, 100_000),
                Optional.empty()),
            new FixedDirectory(entries, Optional.empty()),
            AccessPolicy.open(),
            List.of());
    listener.start();
  }

  private ServedCatalog limited(ServedCatalog next) {
    return call -> places.answer(call, next, "busy");
  }

  private CatalogAnswer large() {
    taken.countDown();
    return new CatalogAnswer(200, List.of(), new ByteArrayInputStream(LARGE));
  }

  private static CatalogAnswer echo(CatalogCall call) {
    try {
      return CatalogAnswer.json(200, call.body().readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Thinks three times as long as a client may stand still, twice: before and in its answer. */
  private static CatalogAnswer late(CatalogCall call) {
    pause(PATIENCE.multipliedBy(3));
    InputStream body =
        new InputStream() {
          private int left = 2;

          @Override
          public int read() {
            if (--left == 0) {
              pause(PATIENCE.multipliedBy(3));
            }
            return left < 0 ? -1 : 'x';
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            int value = read();
            buffer[offset] = (byte) value;
            return value < 0 ? -1 : 1;
          }
        };
    return new CatalogAnswer(200, List.of(), body);
  }

  /** Nothing can be waited for here: the time itself is what is tested. */
  private static void pause(Duration time) {
    try {
      boolean woken = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(woken).isFalse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    listener.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    socket.setSoTimeout((int) LONGEST.toMillis());
    sockets.add(socket);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Sends byte by byte, each well within the patience, until the other side has had enough. */
  private static Duration dripUntilClosed(Socket socket) {
    long start = System.nanoTime();
    try {
      while (System.nanoTime() - start < LONGEST.toNanos()) {
        send(socket, "x");
        pause(PATIENCE.dividedBy(10));
        if (socket.getInputStream().available() > 0) {
          break;
        }
      }
    } catch (IOException closed) {
      // What the test waits for.
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static String answer(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void connection_thatSendsNothing_isClosed() throws IOException {
    assertThat(connect().getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void head_thatDripsIn_isCutOff() throws IOException {
    Socket requestLine = connect();
    Socket header = connect();
    send(requestLine, "GET /catalogs/echo/v1/");
    send(header, "GET /catalogs/echo/v1/config HTTP/1.1\r\nHost: h\r\nX-Long: ");

    assertThat(dripUntilClosed(requestLine)).isLessThan(LONGEST);
    assertThat(dripUntilClosed(header)).isLessThan(LONGEST);
  }

  @Test
  void keptConnection_restsLongerThanAHeadMay_butItsNextHeadMayNotDrip() {
    assertOnceInTime(this::restThenDrip);
  }

  /** A machine that pauses longer than the patience makes slow clients of those who are not. */
  private static void assertOnceInTime(ThrowingRunnable calls) {
    await().ignoreExceptionsInstanceOf(IOException.class).untilAsserted(calls);
  }

  private void restThenDrip() throws IOException {
    String request = "GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n";
    Socket socket = connect();
    for (int i = 0; i < 2; i++) {
      send(socket, request);
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200");
      pause(PATIENCE.multipliedBy(3));
      socket.getInputStream().skipNBytes(socket.getInputStream().available());
    }

    send(socket, "GET /health/live HTTP/1.1\r\nX-Long: ");

    assertThat(dripUntilClosed(socket)).isLessThan(LONGEST);
  }

  @Test
  void body_thatStopsOrDrips_isRefusedInIcebergsJson() {
    assertOnceInTime(this::stopAndDrip);
  }

  private void stopAndDrip() throws IOException {
    String head = "POST /catalogs/echo/v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\n\r\n";
    Socket stops = connect();
    Socket drips = connect();
    send(stops, head + "abc");
    send(drips, head);
    dripUntilClosed(drips);

    for (Socket socket : List.of(stops, drips)) {
      assertThat(answer(socket))
          .startsWith("HTTP/1.1 408")
          .containsIgnoringCase("content-type: application/json")
          .contains("\"type\":\"RequestTimeoutException\"");
    }
  }

  @Test
  void answer_thatNobodyReads_givesItsPlaceBack() throws Exception {
    String request = "GET /catalogs/large/v1/x HTTP/1.1\r\nHost: h\r\n\r\n";
    for (int i = 0; i < PLACES; i++) {
      send(connect(), request);
    }
    assertThat(taken.await(60, TimeUnit.SECONDS)).as("all places were taken").isTrue();

    assertOnceInTime(() -> assertThat(get("/health/live")).startsWith("HTTP/1.1 200"));
    await("places are given back")
        .atMost(LONGEST)
        .until(() -> get("/catalogs/large/v1/x").startsWith("HTTP/1.1 200"));
  }

  @Test
  void source_thatThinksLongerThanClientsMay_isWaitedFor() {
    assertOnceInTime(
        () ->
            assertThat(get("/catalogs/late/v1/x"))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n\r\n1\r\nx\r\n1\r\nx\r\n0\r\n\r\n"));
  }

  private String get(String target) throws IOException {
    return RawClient.get(listener.port(), target);
  }
}
