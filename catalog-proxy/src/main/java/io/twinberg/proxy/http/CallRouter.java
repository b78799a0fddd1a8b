package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the catalog that a call is for. The prefix that clients get in {@code /v1/config} is the
 * served name, so a first segment that equals it is ours and is taken out.
 */
final class CallRouter {
  private static final String CONFIG = "v1/config";
  private static final String TOKENS = "v1/oauth/tokens";

  /** First segments of the specification's paths without prefix. */
  private static final Set<String> ROOTS =
      Set.of("config", "oauth", "namespaces", "tables", "views", "transactions");

  private final CatalogDirectory directory;

  CallRouter(CatalogDirectory directory) {
    this.directory = directory;
  }

  CallTarget find(CallPath path, Optional<String> query, Caller caller) {
    if (path.name().isPresent()) {
      return named(path.name().get(), path, caller);
    }
    if (path.path().equals(CONFIG)) {
      return named(warehouse(query, caller), path, caller);
    }
    if (path.path().equals(TOKENS)) {
      return tokenIssuer(path, caller);
    }
    if (!path.without(path.first()).equals(path.path()) && served(path.first())) {
      return named(path.first(), path, caller);
    }
    if (ROOTS.contains(path.first())) {
      return named(defaultSource(), path, caller);
    }
    throw unknown("catalog", path.first(), caller);
  }

  private CallTarget tokenIssuer(CallPath path, Caller caller) {
    return directory
        .tokenIssuer()
        .map(issuer -> new CallTarget(directory.defaultSource().orElse(""), issuer, path.path()))
        .orElseGet(() -> named(defaultSource(), path, caller));
  }

  private boolean served(String name) {
    return directory.find(name).isPresent();
  }

  private CallTarget named(String name, CallPath path, Caller caller) {
    return directory
        .find(name)
        .map(catalog -> new CallTarget(name, catalog, path.without(name)))
        .orElseThrow(() -> unknown("catalog", name, caller));
  }

  private String warehouse(Optional<String> query, Caller caller) {
    Optional<String> warehouse = query.flatMap(CallRouter::warehouseIn);
    if (warehouse.isEmpty()) {
      return defaultSource();
    }
    if (served(warehouse.get())) {
      return warehouse.get();
    }
    List<String> sources = directory.sourcesOf(warehouse.get());
    if (sources.size() == 1) {
      return sources.get(0);
    }
    throw unknown("warehouse", warehouse.get(), caller);
  }

  private static Optional<String> warehouseIn(String query) {
    return Arrays.stream(query.split("&"))
        .filter(parameter -> parameter.startsWith("warehouse="))
        .map(parameter -> parameter.substring("warehouse=".length()))
        .filter(value -> !value.isEmpty())
        .map(CallRouter::decode)
        .findFirst();
  }

  private static String decode(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          Reason.BAD_REQUEST, "The warehouse in the query is not URL-encoded: " + value);
    }
  }

  private String defaultSource() {
    return directory
        .defaultSource()
        .orElseThrow(
            () ->
                new RefusedException(
                    Reason.BAD_REQUEST,
                    "The call names no catalog and there is no default source. Set the client's"
                        + " 'warehouse' to the name of a catalog, or its URI to"
                        + " …/catalogs/<name>."));
  }

  private RefusedException unknown(String word, String name, Caller caller) {
    List<String> visible = directory.visibleTo(caller);
    String known = visible.isEmpty() ? "none that you may see" : String.join(", ", visible);
    return new RefusedException(
        Reason.NOT_FOUND,
        "There is no %s '%s' here. Set 'warehouse' to a served catalog: %s."
            .formatted(word, name, known));
  }
}
