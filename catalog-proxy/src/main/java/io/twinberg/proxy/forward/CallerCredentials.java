package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.Header;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The headers by which a caller, or a catalog, tells one connection's owner from another's. */
final class CallerCredentials {
  private static final Set<String> NAMES =
      Set.of("authorization", "original-authorization", "cookie", "cookie2", "x-api-key");
  private static final List<String> PREFIXES = List.of("x-amz-", "original-x-amz-", "proxy-");

  /** Sessions and challenges of the catalog, which concern Twinberg alone. */
  private static final Set<String> OF_ANSWERS =
      Set.of("set-cookie", "set-cookie2", "www-authenticate", "authentication-info");

  private CallerCredentials() {}

  /** A request's headers without what could prove who the caller is. */
  static List<Header> without(List<Header> headers) {
    return headers.stream().filter(header -> !isCredential(lower(header))).toList();
  }

  /** An answer's headers without what is meant for the one who proved who he is. */
  static List<Header> withoutSessions(List<Header> headers) {
    return headers.stream().filter(header -> !OF_ANSWERS.contains(lower(header))).toList();
  }

  private static boolean isCredential(String name) {
    return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
  }

  private static String lower(Header header) {
    return header.name().toLowerCase(Locale.ROOT);
  }
}
