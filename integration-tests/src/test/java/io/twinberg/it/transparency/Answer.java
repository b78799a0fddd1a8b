package io.twinberg.it.transparency;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An answer without what two catalogs cannot have in common: UUIDs and what is made of them (file
 * names, entity tags, plan ids), clocks, and the stack of an error.
 */
record Answer(int status, Map<String, String> headers, String body) {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern TIME = Pattern.compile("(\"[a-z-]*-ms\":)\\d+");
  private static final Pattern STACK = Pattern.compile("\"stack\":\\[[^\\]]*]");
  private static final Pattern INSTANT = Pattern.compile("\"\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\"");

  /** Of one connection, or of the clock. */
  private static final Set<String> IGNORED =
      Set.of("connection", "keep-alive", "transfer-encoding", "date");

  /** What the proxy adds, by its documentation. */
  private static final String REQUEST_ID = "x-request-id";

  static Answer of(int status, Map<String, List<String>> headers, String body) {
    String plain = STACK.matcher(body).replaceAll("\"stack\":[]");
    plain = INSTANT.matcher(plain).replaceAll("\"instant\"");
    Map<String, String> kept = new TreeMap<>();
    headers.forEach((name, values) -> kept.put(name.toLowerCase(Locale.ROOT), values.toString()));
    kept.keySet().removeAll(IGNORED);
    kept.remove(REQUEST_ID);
    kept.computeIfPresent("etag", (name, value) -> value.replaceAll("[0-9a-f]{8,}", "tag"));
    if (!plain.equals(body) || isUnseenError(status, body)) {
      kept.remove("content-length");
    }
    return new Answer(
        status, kept, TIME.matcher(UUID.matcher(plain).replaceAll("uuid")).replaceAll("$10"));
  }

  /** Whether the length may be that of a stack, as in the answer to HEAD. */
  private static boolean isUnseenError(int status, String body) {
    return status >= 400 && body.isEmpty();
  }

  /** Whether this is an error that says nothing a client could read. */
  boolean isMute() {
    boolean json = headers.getOrDefault("content-type", "").contains("json");
    return status >= 400 && (!json || body.isEmpty());
  }
}
