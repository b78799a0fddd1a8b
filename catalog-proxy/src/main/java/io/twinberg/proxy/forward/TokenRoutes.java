package io.twinberg.proxy.forward;

import java.util.List;

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
    List<String> all = LenientPath.segments(path);
    List<String> inPrefix = LenientPath.segments("v1/" + prefix);
    boolean belowPrefix =
        all.size() > inPrefix.size() && all.subList(0, inPrefix.size()).equals(inPrefix);
    return startsWithOAuth(all, 1) || (belowPrefix && startsWithOAuth(all, inPrefix.size()));
  }

  private static boolean startsWithOAuth(List<String> segments, int at) {
    return segments.size() > at && segments.get(at).equals("oauth");
  }
}
