package io.twinberg.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.http.PathSegments;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The URIs of one catalog, as its config wants them.
 *
 * @param root everything before {@code namespaces}, the prefix included as the catalog spelt it:
 *     Nessie sends {@code main%7Csecond} and knows neither the decoded nor a twice encoded form
 * @param separator what stands between namespace levels, encoded
 * @param views whether the catalog may have views; one that lists its endpoints lists theirs
 * @param credentials whether the catalog lists the endpoint for fresh credentials of a table
 */
record RestRoutes(String root, String separator, boolean credentials, boolean views) {
  private static final String CREDENTIALS =
      "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}/credentials";
  private static final String VIEWS = "GET /v1/{prefix}/namespaces/{namespace}/views";
  private static final Pattern URI_PATH = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@%/-]*");
  private static final Pattern DOT_SEGMENT = Pattern.compile("(^|/)\\.{1,2}(/|$)");

  static URI config(RestSourceSettings settings) {
    String query = settings.warehouse().map(w -> "?warehouse=" + PathSegments.encode(w)).orElse("");
    return URI.create(base(settings) + "/v1/config" + query);
  }

  static RestRoutes of(RestSourceSettings settings, JsonNode config) {
    String prefix = setting(config, "prefix").orElse("");
    if (!URI_PATH.matcher(prefix).matches() || DOT_SEGMENT.matcher(prefix).find()) {
      throw new IllegalArgumentException("its prefix '" + prefix + "' is not a URI path");
    }
    String root = base(settings) + "/v1/" + (prefix.isEmpty() ? "" : prefix + "/");
    String separator =
        setting(config, "namespace-separator").orElse(PathSegments.DEFAULT_SEPARATOR);
    if (!URI_PATH.matcher(separator).matches() || PathSegments.decode(separator).isEmpty()) {
      throw new IllegalArgumentException("its namespace-separator '" + separator + "' is unusable");
    }
    boolean views = config.path("endpoints").isEmpty() || lists(config, VIEWS);
    return new RestRoutes(root, separator, lists(config, CREDENTIALS), views);
  }

  /** The first page of the namespaces in a namespace; empty: the topmost ones. */
  URI namespaces(Namespace parent) {
    String query = parent.isEmpty() ? "" : "&parent=" + segment(parent);
    return URI.create(root + "namespaces?pageToken=" + query);
  }

  URI namespace(Namespace namespace) {
    return URI.create(root + "namespaces/" + segment(namespace));
  }

  /** The first page of the views in a namespace. */
  URI views(Namespace namespace) {
    return URI.create(root + "namespaces/" + segment(namespace) + "/views?pageToken=");
  }

  URI view(TableIdentifier view) {
    String views = root + "namespaces/" + segment(view.namespace()) + "/views/";
    return URI.create(views + PathSegments.encode(view.name()));
  }

  /** The first page of the tables in a namespace. */
  URI tables(Namespace namespace) {
    return URI.create(root + "namespaces/" + segment(namespace) + "/tables?pageToken=");
  }

  URI table(TableIdentifier table) {
    return URI.create(path(table) + "?snapshots=all");
  }

  URI credentials(TableIdentifier table) {
    return URI.create(path(table) + "/credentials");
  }

  private String path(TableIdentifier table) {
    String tables = root + "namespaces/" + segment(table.namespace()) + "/tables/";
    return tables + PathSegments.encode(table.name());
  }

  /** The page after a token. */
  static URI page(URI first, String token) {
    String encoded = "pageToken=" + PathSegments.encode(token);
    return URI.create(
        first.toString().replaceFirst("pageToken=", Matcher.quoteReplacement(encoded)));
  }

  // A level that holds the catalog's own separator goes over the default one, which every server
  // has to understand.
  private String segment(Namespace namespace) {
    List<String> levels = List.of(namespace.levels());
    String advertised = PathSegments.decode(separator);
    boolean ambiguous = levels.stream().anyMatch(level -> level.contains(advertised));
    return PathSegments.joinLevels(levels, ambiguous ? PathSegments.DEFAULT_SEPARATOR : separator);
  }

  private static boolean lists(JsonNode config, String endpoint) {
    return StreamSupport.stream(config.path("endpoints").spliterator(), false)
        .anyMatch(listed -> listed.asText().equals(endpoint));
  }

  private static Optional<String> setting(JsonNode config, String key) {
    JsonNode override = config.path("overrides").path(key);
    JsonNode value = override.isTextual() ? override : config.path("defaults").path(key);
    return Optional.of(value.asText("")).filter(text -> !text.isEmpty());
  }

  private static String base(RestSourceSettings settings) {
    return settings.uri().toString().replaceFirst("/+$", "");
  }
}
