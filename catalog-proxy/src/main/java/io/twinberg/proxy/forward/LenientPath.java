package io.twinberg.proxy.forward;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A path as the most lenient server would read it, for checks that nothing may slip through. */
final class LenientPath {
  private LenientPath() {}

  /** Its segments decoded, in lower case, without parameters; empty ones are left out. */
  static List<String> segments(String path) {
    String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    return Arrays.stream(decoded.split("[/\\\\]"))
        .map(segment -> segment.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .filter(segment -> !segment.isEmpty() && !segment.equals("."))
        .toList();
  }
}
