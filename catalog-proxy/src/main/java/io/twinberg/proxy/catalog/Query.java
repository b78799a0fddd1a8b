package io.twinberg.proxy.embedded;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The parameters of a raw query; the first of several with one name counts. */
record Query(Map<String, String> parameters) {
  static Query of(Optional<String> raw) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : raw.orElse("").split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.putIfAbsent(form(name), form(value));
    }
    return new Query(parameters);
  }

  /** Queries, unlike paths, come from form encoders: there a plus is a space. */
  private static String form(String encoded) {
    return PercentCoding.decode(encoded.replace('+', ' '));
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
