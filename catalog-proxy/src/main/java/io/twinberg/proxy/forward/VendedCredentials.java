package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.util.List;
import java.util.Set;

/**
 * Storage credentials that an upstream vends. Where calls go upstream as Twinberg they are made for
 * what Twinberg may do there, writing included, so only callers who may write get them.
 */
final class VendedCredentials {
  private static final Set<String> WISH = Set.of("x-iceberg-access-delegation");

  private VendedCredentials() {}

  /**
   * The call without the wish for credentials, unless the caller may write.
   *
   * @throws RefusedException when it asks for nothing else
   */
  static CatalogCall onlyForWriters(CatalogCall call, String source) {
    if (call.caller().access().mayWrite(source)) {
      return call;
    }
    if (asksForNothingElse(LenientPath.segments(call.path()))) {
      throw new RefusedException(
          Reason.FORBIDDEN,
          "Storage credentials of %s may be for writing: the token %s lacks the grant write:%s."
              .formatted(source, call.caller().name(), source));
    }
    return call.withHeaders(Headers.without(call.headers(), WISH));
  }

  /** {@code …/namespaces/{namespace}/tables/{table}/credentials}. */
  private static boolean asksForNothingElse(List<String> path) {
    int end = path.size();
    return end >= 5
        && path.get(end - 1).equals("credentials")
        && path.get(end - 3).equals("tables")
        && path.get(end - 5).equals("namespaces");
  }
}
