package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.util.Locale;
import java.util.Optional;

/**
 * A raw request path, cut at its base: {@code /catalogs/<name>/v1/…} or {@code /v1/…}.
 *
 * @param name the served name that the base carries
 * @param path the rest from {@code v1} on, as it came
 */
record CallPath(Optional<String> name, String path) {
  private static final String CATALOGS = "/catalogs/";

  static CallPath parse(String raw) {
    refuseDotSegments(raw);
    if (raw.startsWith(CATALOGS)) {
      String rest = raw.substring(CATALOGS.length());
      int slash = rest.indexOf('/');
      if (slash > 0) {
        return of(Optional.of(rest.substring(0, slash)), rest.substring(slash), raw);
      }
    }
    return of(Optional.empty(), raw, raw);
  }

  private static CallPath of(Optional<String> name, String rest, String raw) {
    if (!rest.startsWith("/v1/")) {
      throw new RefusedException(
          Reason.NOT_FOUND,
          "There is nothing at " + raw + ". Catalogs are at /catalogs/<name>/v1/ and at /v1/.");
    }
    return new CallPath(name, rest.substring(1));
  }

  /**
   * A server behind us may resolve dot segments, and then act on another route than the one whose
   * grants were checked and whose intent was written. Clients resolve them before they send.
   */
  private static void refuseDotSegments(String raw) {
    for (String segment : raw.split("/", -1)) {
      String plain = segment.split(";", 2)[0].toLowerCase(Locale.ROOT).replace("%2e", ".");
      if (plain.equals(".") || plain.equals("..")) {
        throw new RefusedException(Reason.BAD_REQUEST, "The path has a dot segment: " + raw);
      }
    }
  }

  /** The path's first segment after {@code v1/}. */
  String first() {
    return path.substring("v1/".length()).split("/", 2)[0];
  }

  /** The path without its first segment, where that is {@code prefix} and something follows it. */
  String without(String prefix) {
    String start = "v1/" + prefix + "/";
    return path.startsWith(start) ? "v1/" + path.substring(start.length()) : path;
  }
}
