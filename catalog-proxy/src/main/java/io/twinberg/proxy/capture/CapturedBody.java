package io.twinberg.proxy.capture;

import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * The body of a mutating call, read whole before anything is forwarded.
 *
 * @param raw the bytes as they came and as they are forwarded
 * @param plain the bytes without compression, as the intent keeps them
 */
record CapturedBody(byte[] raw, byte[] plain) {
  private static final Set<String> REPLACED = Set.of("accept-encoding", "content-length");

  /**
   * Reads a call's body.
   *
   * @throws RefusedException when it is too large, or ends before it is whole
   */
  static CapturedBody read(CatalogCall call, int limit) {
    try {
      byte[] raw = call.body().readNBytes(limit + 1);
      if (raw.length > limit) {
        throw new RefusedException(
            Reason.TOO_LARGE,
            "The commit's body is larger than %d bytes; nothing was sent.".formatted(limit));
      }
      return new CapturedBody(raw, plain(call, raw, limit));
    } catch (IOException e) {
      throw new RefusedException(
          Reason.BAD_REQUEST, "The request's body broke off; nothing was sent.");
    }
  }

  private static byte[] plain(CatalogCall call, byte[] raw, int limit) {
    if (call.header("Content-Encoding").filter("gzip"::equalsIgnoreCase).isEmpty()) {
      return raw;
    }
    try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(raw))) {
      return unzipped.readNBytes(limit);
    } catch (IOException e) {
      return raw;
    }
  }

  /** The call with this body, asking for an answer that can be read. */
  CatalogCall onto(CatalogCall call) {
    List<Header> headers = new ArrayList<>();
    for (Header header : call.headers()) {
      if (!REPLACED.contains(header.name().toLowerCase(Locale.ROOT))) {
        headers.add(header);
      }
    }
    headers.add(new Header("Accept-Encoding", "identity"));
    headers.add(new Header("Content-Length", String.valueOf(raw.length)));
    return call.withHeaders(headers).withBody(new ByteArrayInputStream(raw));
  }
}
