package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Header;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Writes answers as they are: status, headers, and the body as it arrives. */
final class AnswerWriter {
  private static final int BUFFER_BYTES = 16 * 1024;

  private AnswerWriter() {}

  /** The answer's body could not be read to its end. */
  static final class BrokenAnswerException extends IOException {
    private BrokenAnswerException(IOException cause) {
      super(cause);
    }
  }

  static void write(
      CatalogAnswer answer,
      String requestId,
      HttpServletResponse response,
      ClientConnection connection)
      throws IOException {
    response.setStatus(answer.status());
    response.setContentType(null);
    for (Header header : answer.headers()) {
      if (!isLength(header) || mayHaveLength(answer.status())) {
        response.addHeader(header.name(), header.value());
      }
    }
    if (!response.containsHeader(RequestIds.HEADER)) {
      response.setHeader(RequestIds.HEADER, requestId);
    }
    copy(answer, response, connection);
  }

  private static boolean isLength(Header header) {
    return header.name().equalsIgnoreCase("content-length");
  }

  private static boolean mayHaveLength(int status) {
    return status != 204 && status != 304;
  }

  private static void copy(
      CatalogAnswer answer, HttpServletResponse response, ClientConnection connection)
      throws IOException {
    InputStream body = answer.body();
    byte[] buffer = new byte[BUFFER_BYTES];
    int count = read(body, buffer);
    if (count < 0) {
      return;
    }
    if (connection.knowsChunks() && answer.headers().stream().noneMatch(AnswerWriter::isLength)) {
      // Otherwise the server may let the end of the connection end the body, and an answer that
      // breaks off would look whole.
      response.setHeader("Transfer-Encoding", "chunked");
    }
    OutputStream out = connection.paced(response.getOutputStream());
    while (count >= 0) {
      out.write(buffer, 0, count);
      // A slow source's bytes must not wait in our buffer for those that it has not sent yet.
      if (body.available() == 0) {
        out.flush();
      }
      count = read(body, buffer);
    }
  }

  private static int read(InputStream body, byte[] buffer) throws BrokenAnswerException {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new BrokenAnswerException(e);
    }
  }
}
