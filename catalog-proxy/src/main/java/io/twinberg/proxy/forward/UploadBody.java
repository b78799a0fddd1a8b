package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.Header;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;

/** A request body on its way upstream: streamed, with the client's length where it gave one. */
final class UploadBody {
  private static final int UNKNOWN = -1;

  private UploadBody() {}

  static Optional<HttpEntity> of(List<Header> headers, InputStream body) throws IOException {
    OptionalLong length = length(headers);
    if (length.isPresent()) {
      return length.getAsLong() == 0
          ? Optional.empty()
          : Optional.of(new InputStreamEntity(body, length.getAsLong(), null));
    }
    PushbackInputStream peeked = new PushbackInputStream(body);
    int first = peeked.read();
    if (first < 0) {
      return Optional.empty();
    }
    peeked.unread(first);
    return Optional.of(new InputStreamEntity(peeked, UNKNOWN, null));
  }

  private static OptionalLong length(List<Header> headers) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase("content-length"))
        .mapToLong(header -> Long.parseLong(header.value().trim()))
        .findFirst();
  }
}
