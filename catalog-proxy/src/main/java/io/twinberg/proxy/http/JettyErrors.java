package io.twinberg.proxy.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Gives errors that the server itself finds, such as a malformed request, Iceberg's error JSON. */
final class JettyErrors extends ErrorHandler {
  /** Whatever the method was, and also where it was none. */
  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    String text = message == null ? "The request failed before it reached a catalog" : message;
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    byte[] body = IcebergErrors.body(code, IcebergErrors.typeOf(code), text);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
