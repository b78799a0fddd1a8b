package io.twinberg.proxy.forward;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Recognises the upstream's token end points, however a path is written. Called as Twinberg they
 * would hand a caller tokens that are Twinberg's own.
 */
final class TokenRoutes {
  private TokenRoutes() {}

  /**
   * Whether a server could take the path for that of a token end point: as it stands, or below the
   * upstream's prefix.
   */
  static boolean isOne(String path, String prefix) {
    List<String> all = segments(path);
    List<String> inPrefix = segments("v1/" + prefix);
    boolean belowPrefix =
        all.size() > inPrefix.size() && all.subList(0, inPrefix.size()).equals(inPrefix);
    return startsWithOAuth(all, 1) || (belowPrefix && startsWithOAuth(all, inPrefix.size()));
  }

  private static boolean startsWithOAuth(List<String> segments, int at) {
    return segments.size() > at && segments.get(at).equals("oauth");
  }

  /** As a lenient server reads them: decoded, without parameters, empty ones left out. */
  private static List<String> segments(String path) {
    String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    return Arrays.stream(decoded.split("[/\\\\]"))
        .map(segment -> segment.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .filter(segment -> !segment.isEmpty() && !segment.equals("."))
        .toList();
  }
}
