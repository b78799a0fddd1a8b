package io.twinberg.proxy.embedded;

import io.twinberg.embedded.EmbeddedCatalog;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.responses.ConfigResponse;

/** Serves an embedded catalog over the Iceberg REST protocol. */
public final class EmbeddedEndpoint implements ServedCatalog {
  private static final String CONFIG = "v1/config";

  private final String name;
  private final List<Route> routes;

  /**
   * Serves a catalog, which stays the caller's to close.
   *
   * @param name the served name, which is the prefix of its paths
   */
  public EmbeddedEndpoint(String name, EmbeddedCatalog catalog) {
    this.name = name;
    this.routes =
        Stream.of(
                new NamespaceRoutes(catalog).routes(),
                new TableRoutes(catalog).routes(),
                new ViewRoutes(catalog).routes())
            .flatMap(List::stream)
            .toList();
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    try {
      return call.path().equals(CONFIG) ? config(call) : route(call);
    } catch (RuntimeException e) {
      return ErrorAnswers.of(call, e);
    }
  }

  /** Names what is served, for clients assume more of a catalog that does not; no settings. */
  private CatalogAnswer config(CatalogCall call) {
    if (!call.method().equals("GET")) {
      return notAllowed(call);
    }
    List<Endpoint> served = routes.stream().map(Route::endpoint).toList();
    return RestJson.answer(
        200, ConfigResponse.builder().withOverride("prefix", name).withEndpoints(served).build());
  }

  private CatalogAnswer route(CatalogCall call) {
    String[] path = call.path().split("/", -1);
    boolean known = false;
    for (Route route : routes) {
      Optional<Map<String, String>> segments = route.match(path);
      if (segments.isPresent() && route.method().equals(call.method())) {
        Query query = Query.of(call.query());
        return route.handler().answer(new RestRequest(call, segments.get(), query));
      }
      known |= segments.isPresent();
    }
    return known
        ? notAllowed(call)
        : ErrorAnswers.answer(
            call, 404, "NotFoundException", "The catalog serves no path " + call.path());
  }

  private static CatalogAnswer notAllowed(CatalogCall call) {
    return ErrorAnswers.answer(
        call,
        405,
        "UnsupportedOperationException",
        "The catalog does not serve " + call.method() + " " + call.path());
  }
}
