package io.twinberg.proxy.catalog;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which headers belong to the message, and which to one connection only (RFC 9110, 7.6.1). */
public final class EndToEnd {
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private EndToEnd() {}

  /** The headers without those of the connection and those that {@code Connection} names. */
  public static List<Header> of(List<Header> headers) {
    Set<String> dropped = new HashSet<>(HOP_BY_HOP);
    dropped.addAll(namedByConnection(headers));
    return headers.stream().filter(header -> !dropped.contains(lower(header.name()))).toList();
  }

  private static Set<String> namedByConnection(List<Header> headers) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase("connection"))
        .flatMap(header -> Arrays.stream(header.value().split(",")))
        .map(name -> lower(name.trim()))
        .collect(Collectors.toSet());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
