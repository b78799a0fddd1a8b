package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.EndToEnd;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** Makes a call of a request, with path, query, headers and body as they came. */
final class CallReader {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");

  private final long maxBodyBytes;
  private final ClientPace pace;

  CallReader(long maxBodyBytes, ClientPace pace) {
    this.maxBodyBytes = maxBodyBytes;
    this.pace = pace;
  }

  /** The path as the client wrote it in the request line. */
  static String rawPath(HttpServletRequest request) {
    return request.getRequestURI();
  }

  static Optional<String> rawQuery(HttpServletRequest request) {
    return Optional.ofNullable(request.getQueryString());
  }

  CatalogCall read(HttpServletRequest request, CallTarget target, Caller caller, String requestId)
      throws IOException {
    return new CatalogCall(
        method(request),
        target.path(),
        rawQuery(request),
        headers(request),
        body(request),
        caller,
        requestId,
        ClientBase.of(request, target.name()));
  }

  private static String method(HttpServletRequest request) {
    String method = request.getMethod();
    if (!METHODS.contains(method)) {
      throw new RefusedException(
          Reason.METHOD_NOT_ALLOWED, "Catalogs do not answer the method " + method);
    }
    return method;
  }

  private static List<Header> headers(HttpServletRequest request) {
    List<Header> all =
        ServletContextRequest.getServletContextRequest(request).getHeaders().stream()
            .map(field -> new Header(field.getName(), String.valueOf(field.getValue())))
            .toList();
    return EndToEnd.of(all);
  }

  private InputStream body(HttpServletRequest request) throws IOException {
    if (request.getContentLengthLong() > maxBodyBytes) {
      throw LimitedBody.tooLarge(maxBodyBytes);
    }
    boolean none =
        request.getContentLengthLong() <= 0 && request.getHeader("Transfer-Encoding") == null;
    if (none) {
      return InputStream.nullInputStream();
    }
    LimitedBody body =
        new LimitedBody(
            ClientConnection.of(request, pace).paced(request.getInputStream()), maxBodyBytes);
    request.setAttribute(LimitedBody.ATTRIBUTE, body);
    return body;
  }
}
