package io.twinberg.proxy.embedded;

import io.twinberg.embedded.EmbeddedCatalog;
import io.twinberg.proxy.catalog.CatalogAnswer;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.requests.CreateNamespaceRequest;
import org.apache.iceberg.rest.requests.UpdateNamespacePropertiesRequest;
import org.apache.iceberg.rest.responses.ListNamespacesResponse;

/** The namespace operations. */
final class NamespaceRoutes {
  private final EmbeddedCatalog catalog;

  NamespaceRoutes(EmbeddedCatalog catalog) {
    this.catalog = catalog;
  }

  List<Route> routes() {
    return List.of(
        new Route(Endpoint.V1_LIST_NAMESPACES, this::list),
        new Route(Endpoint.V1_CREATE_NAMESPACE, this::create),
        new Route(Endpoint.V1_LOAD_NAMESPACE, this::load),
        new Route(Endpoint.V1_NAMESPACE_EXISTS, this::exists),
        new Route(Endpoint.V1_UPDATE_NAMESPACE, this::update),
        new Route(Endpoint.V1_DELETE_NAMESPACE, this::drop));
  }

  private CatalogAnswer list(RestRequest request) {
    Optional<String> parent = request.query().value("parent").filter(text -> !text.isEmpty());
    List<Namespace> all =
        parent
            .map(text -> catalog.listNamespaces(RestRequest.namespace(text)))
            .orElseGet(catalog::listNamespaces);
    Page<Namespace> page =
        Page.of(all, namespace -> namespace.level(namespace.length() - 1), request.query());
    return RestJson.answer(
        200,
        ListNamespacesResponse.builder()
            .addAll(page.items())
            .nextPageToken(page.nextToken().orElse(null))
            .build());
  }

  private CatalogAnswer create(RestRequest request) {
    CreateNamespaceRequest body = request.body(CreateNamespaceRequest.class);
    body.validate();
    return RestJson.answer(200, CatalogHandlers.createNamespace(catalog, body));
  }

  private CatalogAnswer load(RestRequest request) {
    return RestJson.answer(200, CatalogHandlers.loadNamespace(catalog, request.namespace()));
  }

  private CatalogAnswer exists(RestRequest request) {
    CatalogHandlers.namespaceExists(catalog, request.namespace());
    return CatalogAnswer.empty(204);
  }

  private CatalogAnswer update(RestRequest request) {
    UpdateNamespacePropertiesRequest body = request.body(UpdateNamespacePropertiesRequest.class);
    return RestJson.answer(
        200,
        catalog.atomically(
            () -> CatalogHandlers.updateNamespaceProperties(catalog, request.namespace(), body)));
  }

  private CatalogAnswer drop(RestRequest request) {
    CatalogHandlers.dropNamespace(catalog, request.namespace());
    return CatalogAnswer.empty(204);
  }
}
