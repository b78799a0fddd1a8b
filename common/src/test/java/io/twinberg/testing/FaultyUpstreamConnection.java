package io.twinberg.testing;

import io.twinberg.testing.UpstreamFault.Delivery;
import io.twinberg.testing.UpstreamFault.Reply;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A connection of one client, whose requests pass to the catalog or meet faults. */
final class FaultyUpstreamConnection implements AutoCloseable {
  private static final byte[] GARBAGE = "SSH-2.0-OpenSSH_9.6\r\n".getBytes(StandardCharsets.UTF_8);
  private static final int PIECES = 10;
  private static final long BETWEEN_PIECES_NANOS = 20_000_000;

  private final Socket client;
  private final FaultyUpstream upstream;
  private final InputStream in;
  private boolean ended;

  FaultyUpstreamConnection(Socket client, FaultyUpstream upstream) throws IOException {
    this.client = client;
    this.upstream = upstream;
    this.in = new BufferedInputStream(client.getInputStream());
    client.setTcpNoDelay(true);
  }

  /** Answers one request after the other, until either side has enough. */
  void serve() throws IOException {
    while (!ended) {
      Optional<WireRequest> request = WireRequest.read(in, client.getOutputStream());
      if (request.isEmpty()) {
        return;
      }
      UpstreamExchange exchange = upstream.exchange(request.get());
      UpstreamFault fault =
          exchange.fault().orElse(new UpstreamFault(Delivery.ONCE, Reply.ITS_OWN));
      answer(fault.reply(), deliver(fault.delivery(), request.get(), exchange));
    }
  }

  private Optional<WireAnswer> deliver(
      Delivery delivery, WireRequest request, UpstreamExchange exchange) throws IOException {
    return switch (delivery) {
      case NEVER -> Optional.empty();
      case LATER -> {
        upstream.hold(request, exchange);
        yield Optional.empty();
      }
      case ONCE -> Optional.of(upstream.passOn(request, exchange));
      case TWICE -> {
        upstream.passOn(request, exchange);
        yield Optional.of(upstream.passOn(request, exchange));
      }
    };
  }

  private void answer(Reply reply, Optional<WireAnswer> catalogs) throws IOException {
    switch (reply) {
      case ITS_OWN -> send(catalogs.orElseThrow().bytes());
      case STATUS_500 -> send(WireAnswer.page(500).bytes());
      case STATUS_502 -> send(WireAnswer.page(502).bytes());
      case STATUS_503 -> send(WireAnswer.page(503).bytes());
      case RETRY_AFTER -> send(WireAnswer.page(503, "Retry-After: 1").bytes());
      case STATUS_504 -> send(WireAnswer.page(504).bytes());
      case CONFLICT -> send(WireAnswer.conflict().bytes());
      case UNREADABLE -> send(WireAnswer.page(200).bytes());
      case RESET -> reset();
      case HANG -> awaitClient();
      case GARBAGE -> {
        send(GARBAGE);
        ended = true;
      }
      case TRUNCATED -> {
        send(catalogs.orElseThrow().firstHalf());
        ended = true;
      }
      case SLOW -> sendSlowly(catalogs.orElseThrow().bytes());
    }
  }

  private void send(byte[] bytes) throws IOException {
    client.getOutputStream().write(bytes);
  }

  private void sendSlowly(byte[] bytes) throws IOException {
    int piece = bytes.length / PIECES + 1;
    for (int at = 0; at < bytes.length; at += piece) {
      client.getOutputStream().write(bytes, at, Math.min(piece, bytes.length - at));
      LockSupport.parkNanos(BETWEEN_PIECES_NANOS);
    }
  }

  /** A close with nothing to linger for is a reset. */
  private void reset() throws IOException {
    client.setSoLinger(true, 0);
    ended = true;
  }

  /** A client that waits for an answer sends nothing more, and ends the connection one day. */
  private void awaitClient() throws IOException {
    in.read();
    ended = true;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
