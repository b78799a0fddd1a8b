package io.twinberg.proxy.guard;

import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * A call as far as it must be read to decide about it.
 *
 * @param call the call, which can still be forwarded
 * @param body its body, empty where it need not be read
 */
record ReadCall(CatalogCall call, byte[] body) {
  private static final int LIMIT = 64 * 1024 * 1024;

  /** The call without its body. */
  static ReadCall unread(CatalogCall call) {
    return new ReadCall(call, new byte[0]);
  }

  /** The call with its body, which then counts as read only once. */
  static ReadCall whole(CatalogCall call) {
    if (call.header("Content-Encoding").isPresent()) {
      // Two programs may unpack one body differently.
      throw new RefusedException(
          Reason.FORBIDDEN, "With this token, the call must come without Content-Encoding.");
    }
    try {
      byte[] body = call.body().readNBytes(LIMIT + 1);
      if (body.length > LIMIT) {
        throw new RefusedException(
            Reason.TOO_LARGE,
            "The body is larger than %d bytes; nothing was sent.".formatted(LIMIT));
      }
      return new ReadCall(call.withBody(new ByteArrayInputStream(body)), body);
    } catch (IOException e) {
      throw new RefusedException(
          Reason.BAD_REQUEST, "The request's body broke off; nothing was sent.");
    }
  }
}
