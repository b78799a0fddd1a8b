package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Lists of headers with some exchanged. */
final class Headers {
  private Headers() {}

  /** Without the headers of these lower-case names. */
  static List<Header> without(List<Header> headers, Set<String> names) {
    return headers.stream()
        .filter(header -> !names.contains(header.name().toLowerCase(Locale.ROOT)))
        .toList();
  }

  /** With exactly one header of this name. */
  static List<Header> with(List<Header> headers, String name, String value) {
    List<Header> changed = new ArrayList<>(without(headers, Set.of(name.toLowerCase(Locale.ROOT))));
    changed.add(new Header(name, value));
    return changed;
  }
}
