package io.twinberg.proxy.catalog;

import io.twinberg.http.PathSegments;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The parameters of a raw query; the first of several with one name counts. */
public record Query(Map<String, String> parameters) {
  /** The parameters of a raw query. */
  public static Query of(Optional<String> raw) {
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
    return PathSegments.decode(encoded.replace('+', ' '));
  }

  /** The value of a parameter. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
