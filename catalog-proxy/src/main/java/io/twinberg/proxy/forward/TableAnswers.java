package io.twinberg.proxy.forward;

import java.util.Set;

/** Which calls are answered with the config of a table or view. */
final class TableAnswers {
  private static final Set<String> COLLECTIONS =
      Set.of("tables", "views", "register", "register-view");

  private TableAnswers() {}

  /** Whether the answer to a call without prefix may carry such a config. */
  static boolean mayCarryConfig(String method, String path) {
    String[] segments = path.split("/", -1);
    boolean ofCollection =
        segments.length >= 4
            && segments[1].equals("namespaces")
            && COLLECTIONS.contains(segments[3]);
    return ofCollection
        && (method.equals("POST") || (method.equals("GET") && segments.length > 4))
        && !path.endsWith("/metrics");
  }
}
