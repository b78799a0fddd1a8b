package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.UpstreamException;
import io.twinberg.proxy.http.AnswerWriter.BrokenAnswerException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request of the engines' listener: parse, find, answer, write. */
final class CallHandler {
  private static final Logger LOG = LoggerFactory.getLogger(CallHandler.class);

  private final CallReader reader;
  private final CallRouter router;
  private final CallerLookup callers;
  private final Health health;

  CallHandler(CallReader reader, CallRouter router, CallerLookup callers, Health health) {
    this.reader = reader;
    this.router = router;
    this.callers = callers;
    this.health = health;
  }

  void handle(HttpServletRequest request, HttpServletResponse response) {
    String requestId = RequestIds.of(request.getHeader(RequestIds.HEADER));
    try (CatalogAnswer answer = answer(request, requestId)) {
      AnswerWriter.write(answer, requestId, response);
    } catch (BrokenAnswerException e) {
      LOG.warn("request={} the answer's body broke off: {}", requestId, e.getMessage());
      breakOff(request, response, requestId, e);
    } catch (IOException e) {
      LOG.debug("request={} the client has gone: {}", requestId, e.getMessage());
      close(request);
    } catch (RuntimeException e) {
      LOG.error("request={} failed", requestId, e);
      close(request);
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
      HttpServletRequest request,
      HttpServletResponse response,
      String requestId,
      BrokenAnswerException broken) {
    if (response.isCommitted()) {
      close(request);
      return;
    }
    response.reset();
    String message = "the source's answer broke off: " + broken.getCause().getMessage();
    UpstreamException cause = new UpstreamException(UpstreamException.Kind.BROKEN, message, broken);
    try (CatalogAnswer error = IcebergErrors.of(cause)) {
      AnswerWriter.write(error, requestId, response);
    } catch (IOException e) {
      close(request);
    }
  }

  /** Closing the socket is the only way to keep the server from ending the body properly. */
  private static void close(HttpServletRequest request) {
    ServletContextRequest.getServletContextRequest(request)
        .getConnectionMetaData()
        .getConnection()
        .getEndPoint()
        .close();
  }
}
