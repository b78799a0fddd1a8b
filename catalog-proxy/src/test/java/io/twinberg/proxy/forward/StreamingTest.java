package io.twinberg.proxy.forward;

import static io.twinberg.proxy.testing.RawUpstream.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.proxy.testing.RawUpstream;
import io.twinberg.proxy.testing.TestProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that the proxy need not read flow through it. */
@Timeout(240)
class StreamingTest {
  private static final long LARGE = 100L * 1024 * 1024;
  private static final String OTHER = "/v1/prod/namespaces/a/other";

  @TempDir Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private HttpRequest.Builder request(TestProxy proxy, String path) {
    return HttpRequest.newBuilder(URI.create(proxy.base() + path));
  }

  @Test
  void answer_firstBytesArriveBeforeTheLastAreSent() throws Exception {
    CountDownLatch firstArrived = new CountDownLatch(1);
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
          await(firstArrived);
          write(out, "-last");
          return true;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      HttpResponse<InputStream> answer =
          client.send(request(proxy, OTHER).build(), BodyHandlers.ofInputStream());
      byte[] first = answer.body().readNBytes(5);
      firstArrived.countDown();

      assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo("first");
      assertThat(answer.body().readAllBytes()).hasSize(5);
    }
  }

  @Test
  void answer_ofAHundredMegabytes_passesWhole() throws Exception {
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
          byte[] block = new byte[1 << 16];
          for (long sent = 0; sent < LARGE; sent += block.length) {
            out.write(block);
          }
          return true;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      HttpResponse<InputStream> answer =
          client.send(request(proxy, OTHER).build(), BodyHandlers.ofInputStream());

      assertThat(answer.body().transferTo(OutputStream.nullOutputStream())).isEqualTo(LARGE);
    }
  }

  @Test
  void upload_firstBytesArriveBeforeTheLastAreSent() throws Exception {
    CountDownLatch firstArrived = new CountDownLatch(1);
    AtomicLong arrived = new AtomicLong();
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          arrived.addAndGet(in.readNBytes(1 << 20).length);
          firstArrived.countDown();
          arrived.addAndGet(in.readNBytes((int) LARGE - (1 << 20)).length);
          write(out, "HTTP/1.1 204 No Content\r\n\r\n");
          return true;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      InputStream body = new HalfHeldBody(firstArrived);
      HttpRequest upload =
          request(proxy, "/v1/prod/namespaces/a/tables/t/metrics")
              .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> body), LARGE))
              .build();

      assertThat(client.send(upload, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
      assertThat(arrived.get()).isEqualTo(LARGE);
    }
  }

  /**
   * Again and again: a connection that is closed on unread bytes takes the answer with it at times.
   */
  @RepeatedTest(10)
  void upload_thatIsRefusedOnTheWay_getsTheRefusal() throws Exception {
    CountDownLatch refused = new CountDownLatch(1);
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          write(out, "HTTP/1.1 413 Too Large\r\nContent-Type: application/json\r\n");
          write(out, "Content-Length: 2\r\nConnection: close\r\n\r\n{}");
          // Nobody reads the rest of the upload.
          await(refused);
          return false;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      HttpRequest upload =
          request(proxy, "/v1/prod/namespaces/a/tables/t/metrics")
              .POST(BodyPublishers.ofByteArray(new byte[8 << 20]))
              .build();

      assertThat(client.send(upload, BodyHandlers.discarding()).statusCode()).isEqualTo(413);
      refused.countDown();
    }
  }

  @Test
  void answer_thatBreaksOff_neverLooksWhole() throws Exception {
    RawUpstream.Behaviour behaviour =
        (head, in, out) -> {
          write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
          return false;
        };
    try (RawUpstream upstream = new RawUpstream(behaviour);
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      assertThatThrownBy(
              () -> {
                HttpResponse<InputStream> answer =
                    client.send(request(proxy, OTHER).build(), BodyHandlers.ofInputStream());
                if (answer.statusCode() != 200) {
                  throw new IOException("refused before its first byte");
                }
                assertThat(answer.body().readAllBytes()).isEmpty();
              })
          .isInstanceOf(IOException.class);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives its second half only when the first bytes have arrived at the other end. */
  private static final class HalfHeldBody extends InputStream {
    private final CountDownLatch firstArrived;
    private long given;

    HalfHeldBody(CountDownLatch firstArrived) {
      this.firstArrived = firstArrived;
    }

    @Override
    public int read() {
      given++;
      return given <= LARGE ? 'x' : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (given >= LARGE) {
        return -1;
      }
      if (given > LARGE / 2) {
        await(firstArrived);
      }
      int count = (int) Math.min(length, LARGE - given);
      given += count;
      return count;
    }
  }
}
