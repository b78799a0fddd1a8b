package io.twinberg.proxy.forward;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the upstream lays out its paths, as its {@code /v1/config} says.
 *
 * @param prefix the raw prefix, empty where it has none; used as it came, like clients do
 * @param separator the encoded namespace separator, where it is another than the default
 */
record UpstreamLayout(String prefix, Optional<String> separator) {
  private static final Pattern DEFAULT_SEPARATOR = Pattern.compile("%1F", Pattern.CASE_INSENSITIVE);
  private static final Pattern URL_SAFE = Pattern.compile("[A-Za-z0-9%._~-]+");

  static UpstreamLayout in(JsonNode config) {
    return new UpstreamLayout(
        value(config, "prefix").orElse(""),
        value(config, "namespace-separator").flatMap(UpstreamLayout::unlessDefault));
  }

  private static Optional<String> value(JsonNode config, String key) {
    JsonNode override = config.path("overrides").path(key);
    JsonNode value = override.isTextual() ? override : config.path("defaults").path(key);
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }

  private static Optional<String> unlessDefault(String advertised) {
    String plain = URLDecoder.decode(advertised, StandardCharsets.UTF_8);
    if (plain.isEmpty() || plain.equals("\u001f")) {
      return Optional.empty();
    }
    return Optional.of(
        URL_SAFE.matcher(advertised).matches()
            ? advertised
            : URLEncoder.encode(plain, StandardCharsets.UTF_8));
  }

  /** The upstream's path for a path without our prefix; one that has its prefix keeps it. */
  String path(String path) {
    String rest = path.substring("v1/".length());
    if (!prefix.isEmpty() && rest.startsWith(prefix + "/")) {
      rest = rest.substring(prefix.length() + 1);
    }
    return "v1/" + (prefix.isEmpty() ? "" : prefix + "/") + withSeparator(rest);
  }

  private String withSeparator(String rest) {
    String[] segments = rest.split("/", -1);
    if (separator.isEmpty() || segments.length < 2 || !segments[0].equals("namespaces")) {
      return rest;
    }
    segments[1] = separated(segments[1]);
    return String.join("/", segments);
  }

  /** The upstream's query for a client's. */
  String query(String query) {
    if (separator.isEmpty()) {
      return query;
    }
    return Arrays.stream(query.split("&", -1))
        .map(parameter -> parameter.startsWith("parent=") ? separated(parameter) : parameter)
        .collect(Collectors.joining("&"));
  }

  private String separated(String namespace) {
    return DEFAULT_SEPARATOR
        .matcher(namespace)
        .replaceAll(Matcher.quoteReplacement(separator.orElseThrow()));
  }
}
