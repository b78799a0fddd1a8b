package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Header;
import java.io.IOException;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Answers that were asked for without compression, and are compressed all the same: some gateways
 * do so to whatever passes.
 */
final class PlainAnswers {
  private static final Set<String> GZIP = Set.of("gzip", "x-gzip");
  private static final Set<String> OF_THE_OLD_BODY = Set.of("content-length", "content-encoding");

  private PlainAnswers() {}

  /** The answer without its compression, where that is gzip; another one stays. */
  static CatalogAnswer of(CatalogAnswer answer) throws IOException {
    boolean zipped = answer.headers().stream().anyMatch(PlainAnswers::isGzip);
    return zipped
        ? new CatalogAnswer(
            answer.status(),
            Headers.without(answer.headers(), OF_THE_OLD_BODY),
            new GZIPInputStream(answer.body()))
        : answer;
  }

  private static boolean isGzip(Header header) {
    return header.name().equalsIgnoreCase("content-encoding")
        && GZIP.stream().anyMatch(header.value().strip()::equalsIgnoreCase);
  }
}
