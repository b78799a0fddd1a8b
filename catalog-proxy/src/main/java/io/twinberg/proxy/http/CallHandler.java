package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.CallTime;
import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.UpstreamException;
import io.twinberg.proxy.http.AnswerWriter.BrokenAnswerException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request of the engines' listener: parse, find, answer, write. */
final class CallHandler {
  private static final Logger LOG = LoggerFactory.getLogger(CallHandler.class);
  private static final int SMALL_BODY_BYTES = 64 << 10;
  private static final int CHUNK_BYTES = 64 << 10;
  private static final Duration READ_ON = Duration.ofSeconds(2);
  private static final int MOST_READ_ON = 16;

  private final CallReader reader;
  private final CallRouter router;
  private final CallerLookup callers;
  private final Health health;
  private final ClientPace pace;
  private final Semaphore readingOn = new Semaphore(MOST_READ_ON);

  CallHandler(
      CallReader reader, CallRouter router, CallerLookup callers, Health health, ClientPace pace) {
    this.reader = reader;
    this.router = router;
    this.callers = callers;
    this.health = health;
    this.pace = pace;
  }

  void handle(HttpServletRequest request, HttpServletResponse response) {
    CallTime.current().begin();
    String requestId = RequestIds.of(request.getHeader(RequestIds.HEADER));
    ClientConnection connection = ClientConnection.of(request, pace);
    if (answered(request, response, connection, requestId)) {
      readOn(request, response, connection);
    }
  }

  /**
   * Whether the client has got a whole answer; else its connection is closed, or it got an error.
   */
  private boolean answered(
      HttpServletRequest request,
      HttpServletResponse response,
      ClientConnection connection,
      String requestId) {
    try (CatalogAnswer answer = answer(request, requestId)) {
      readAway(request, connection);
      AnswerWriter.write(answer, requestId, response, connection);
      return true;
    } catch (BrokenAnswerException e) {
      LOG.warn("request={} the answer's body broke off: {}", requestId, e.getMessage());
      breakOff(connection, response, requestId, e);
    } catch (IOException e) {
      LOG.debug("request={} the client has gone: {}", requestId, e.getMessage());
      connection.close();
    } catch (RuntimeException e) {
      LOG.error("request={} failed", requestId, e);
      connection.close();
    }
    return false;
  }

  /**
   * Takes a small body that nobody wanted off the connection. Left there, it would end the
   * connection after the answer, and a client that sends its next call meanwhile would take that
   * for a broken one.
   */
  private static void readAway(HttpServletRequest request, ClientConnection connection) {
    long length = request.getContentLengthLong();
    boolean touched =
        request.getAttribute(LimitedBody.ATTRIBUTE) instanceof LimitedBody body && body.touched();
    if (length <= 0 || length > SMALL_BODY_BYTES || touched) {
      return;
    }
    try {
      connection.paced(request.getInputStream()).readNBytes((int) length);
    } catch (IOException | RefusedException e) {
      LOG.debug("a body that nobody wanted did not come: {}", e.getMessage());
    }
  }

  /**
   * Reads on for a moment what a client still sends that was answered on the way. A connection that
   * is closed with bytes unread is reset, and the answer may be lost with it (RFC 9112, section
   * 9.6). Few threads do so at a time: what is refused must not keep them from others.
   */
  private void readOn(
      HttpServletRequest request, HttpServletResponse response, ClientConnection connection) {
    boolean taken =
        request.getAttribute(LimitedBody.ATTRIBUTE) instanceof LimitedBody body && body.touched();
    if (taken && readingOn.tryAcquire()) {
      try {
        readOn(request.getInputStream(), response, connection);
      } catch (IOException e) {
        LOG.debug("the rest of an upload did not come: {}", e.getMessage());
      } finally {
        readingOn.release();
      }
    }
  }

  private static void readOn(
      ServletInputStream rest, HttpServletResponse response, ClientConnection connection)
      throws IOException {
    if (rest.isFinished()) {
      return;
    }
    response.flushBuffer();
    long end = System.nanoTime() + READ_ON.toNanos();
    byte[] unwanted = new byte[CHUNK_BYTES];
    int count = 0;
    while (count >= 0 && !rest.isFinished() && System.nanoTime() - end < 0) {
      count = connection.within(READ_ON, () -> rest.read(unwanted));
    }
  }

  private CatalogAnswer answer(HttpServletRequest request, String requestId) {
    try {
      Optional<CatalogAnswer> probe = health.answer(CallReader.rawPath(request));
      return probe.isPresent() ? probe.get() : ask(request, requestId);
    } catch (IOException | RuntimeException e) {
      if (IcebergErrors.expected(e).isEmpty()) {
        LOG.error("request={} failed", requestId, e);
      }
      return IcebergErrors.of(e);
    }
  }

  private CatalogAnswer ask(HttpServletRequest request, String requestId) throws IOException {
    Optional<String> authorization = Optional.ofNullable(request.getHeader("Authorization"));
    Caller caller = callers.caller(authorization, request.getRemoteAddr());
    CallPath path = CallPath.parse(CallReader.rawPath(request));
    CallTarget target = router.find(path, CallReader.rawQuery(request), caller);
    return target.catalog().answer(reader.read(request, target, caller, requestId));
  }

  /** An answer that ends too early must not look whole: an error where there is still time. */
  private static void breakOff(
      ClientConnection connection,
      HttpServletResponse response,
      String requestId,
      BrokenAnswerException broken) {
    if (response.isCommitted()) {
      connection.close();
      return;
    }
    response.reset();
    String message = "the source's answer broke off: " + broken.getCause().getMessage();
    UpstreamException cause = new UpstreamException(UpstreamException.Kind.BROKEN, message, broken);
    try (CatalogAnswer error = IcebergErrors.of(cause)) {
      AnswerWriter.write(error, requestId, response, connection);
    } catch (IOException e) {
      connection.close();
    }
  }
}
