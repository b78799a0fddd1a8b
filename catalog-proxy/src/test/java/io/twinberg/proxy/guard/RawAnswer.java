package io.twinberg.proxy.guard;

import io.twinberg.proxy.testing.RawClient;
import java.nio.charset.StandardCharsets;

/** An answer on a connection of its own, whose status line, headers and body are as they came. */
record RawAnswer(int statusCode, String head, String body) {
  /** Sends a request; every header is a whole line. */
  static RawAnswer to(int port, String method, String target, String body, String... headers)
      throws Exception {
    // HTTP/1.0 keeps the server from sending chunks.
    StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.0\r\nHost: h\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
    request.append(length > 0 ? "Content-Length: " + length + "\r\n\r\n" : "\r\n").append(body);
    String answer = RawClient.send(port, request.toString());
    int end = answer.indexOf("\r\n\r\n");
    return new RawAnswer(
        RawClient.status(answer), answer.substring(0, end), answer.substring(end + 4));
  }
}
