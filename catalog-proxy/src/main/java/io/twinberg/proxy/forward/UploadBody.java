package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.Header;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.OptionalLong;

/** A request body on its way upstream: streamed, with the client's length where it gave one. */
final class UploadBody {
  private UploadBody() {}

  static BodyPublisher of(List<Header> headers, InputStream body) throws IOException {
    OptionalLong length = length(headers);
    if (length.isPresent()) {
      return length.getAsLong() == 0
          ? BodyPublishers.noBody()
          : BodyPublishers.fromPublisher(
              BodyPublishers.ofInputStream(() -> body), length.getAsLong());
    }
    PushbackInputStream peeked = new PushbackInputStream(body);
    int first = peeked.read();
    if (first < 0) {
      return BodyPublishers.noBody();
    }
    peeked.unread(first);
    return BodyPublishers.ofInputStream(() -> peeked);
  }

  private static OptionalLong length(List<Header> headers) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase("content-length"))
        .mapToLong(header -> Long.parseLong(header.value().trim()))
        .findFirst();
  }
}
