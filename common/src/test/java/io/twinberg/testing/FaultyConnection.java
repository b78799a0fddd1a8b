package io.twinberg.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;

/** A connection of one client, whose requests pass to the server or meet faults. */
final class FaultyConnection implements AutoCloseable {
  private final Socket client;
  private final int serverPort;
  private final FaultPlan plan;
  private final boolean checksums;
  private final InputStream in;
  private boolean ended;

  FaultyConnection(Socket client, int serverPort, FaultPlan plan, boolean checksums)
      throws IOException {
    this.client = client;
    this.serverPort = serverPort;
    this.plan = plan;
    this.checksums = checksums;
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
      answer(request.get());
    }
  }

  private void answer(WireRequest request) throws IOException {
    Optional<Fault> fault = plan.next(request.kind(), request.key());
    if (fault.isEmpty()) {
      send(passedOn(request).bytes());
      return;
    }
    switch (fault.get()) {
      case SLOW_DOWN -> sendError(request, 503, "SlowDown");
      case INTERNAL_ERROR -> sendError(request, 500, "InternalError");
      case REQUEST_TIMEOUT -> sendError(request, 400, "RequestTimeout");
      case NOT_FOUND -> sendError(request, 404, "NoSuchKey");
      case ERROR_IN_OK -> sendError(request, 200, "InternalError");
      case RESET_BEFORE -> reset();
      case RESET_AFTER -> {
        passedOn(request);
        reset();
      }
      case RESET_IN_BODY -> {
        send(passedOn(request).firstHalf());
        reset();
      }
      case TRUNCATED -> {
        send(passedOn(request).firstHalf());
        ended = true;
      }
      case STALL -> awaitClient();
      case STALL_IN_BODY -> {
        send(passedOn(request).firstHalf());
        awaitClient();
      }
      case WRONG_BYTES -> send(wrong(passedOn(request)).bytes());
      case DUPLICATED -> {
        passedOn(request);
        send(passedOn(request).bytes());
      }
    }
  }

  private WireAnswer passedOn(WireRequest request) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      server.getOutputStream().write(request.alone());
      WireAnswer answer =
          WireAnswer.read(
              new BufferedInputStream(server.getInputStream()), request.method().equals("HEAD"));
      return checksums && request.asksForChecksum() ? answer.withChecksum() : answer;
    }
  }

  private WireAnswer wrong(WireAnswer answer) {
    return answer.bringsObject() ? answer.withWrongByte(plan.place(answer.body().length)) : answer;
  }

  private void sendError(WireRequest request, int status, String code) throws IOException {
    send(WireAnswer.error(status, code, request.method().equals("HEAD")).bytes());
  }

  private void send(byte[] bytes) throws IOException {
    client.getOutputStream().write(bytes);
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
