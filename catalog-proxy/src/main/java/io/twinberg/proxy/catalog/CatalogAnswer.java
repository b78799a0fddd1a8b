package io.twinberg.proxy.catalog;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The answer to a call: status, end-to-end headers, and a body that is streamed to the client. */
public record CatalogAnswer(int status, List<Header> headers, InputStream body)
    implements Closeable {
  /** Copies the list. */
  public CatalogAnswer {
    headers = List.copyOf(headers);
  }

  /** An answer without a body. */
  public static CatalogAnswer empty(int status) {
    return new CatalogAnswer(status, List.of(), InputStream.nullInputStream());
  }

  /** A JSON answer. */
  public static CatalogAnswer json(int status, byte[] body) {
    return new CatalogAnswer(
        status,
        List.of(
            new Header("Content-Type", "application/json"),
            new Header("Content-Length", String.valueOf(body.length))),
        new ByteArrayInputStream(body));
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
