package io.twinberg.proxy.embedded;

import io.twinberg.embedded.EmbeddedCatalog;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Page;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.requests.CreateViewRequest;
import org.apache.iceberg.rest.requests.RegisterViewRequest;
import org.apache.iceberg.rest.requests.RenameTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ListTablesResponse;
import org.apache.iceberg.view.SQLViewRepresentation;

/** The view operations. */
final class ViewRoutes {
  private final EmbeddedCatalog catalog;

  ViewRoutes(EmbeddedCatalog catalog) {
    this.catalog = catalog;
  }

  List<Route> routes() {
    return List.of(
        new Route(Endpoint.V1_LIST_VIEWS, this::list),
        new Route(Endpoint.V1_CREATE_VIEW, this::create),
        new Route(Endpoint.V1_REGISTER_VIEW, this::register),
        new Route(Endpoint.V1_LOAD_VIEW, this::load),
        new Route(Endpoint.V1_VIEW_EXISTS, this::exists),
        new Route(Endpoint.V1_UPDATE_VIEW, this::replace),
        new Route(Endpoint.V1_DELETE_VIEW, this::drop),
        new Route(Endpoint.V1_RENAME_VIEW, this::rename));
  }

  private CatalogAnswer list(RestRequest request) {
    Page<TableIdentifier> page =
        Page.of(catalog.listViews(request.namespace()), TableIdentifier::name, request.query());
    return RestJson.answer(
        200,
        ListTablesResponse.builder()
            .addAll(page.items())
            .nextPageToken(page.nextToken().orElse(null))
            .build());
  }

  private CatalogAnswer create(RestRequest request) {
    CreateViewRequest body = request.body(CreateViewRequest.class);
    if (!body.viewVersion().representations().stream()
        .allMatch(SQLViewRepresentation.class::isInstance)) {
      throw new BadRequestException("Only SQL representations of views are supported");
    }
    return RestJson.answer(200, CatalogHandlers.createView(catalog, request.namespace(), body));
  }

  private CatalogAnswer register(RestRequest request) {
    RegisterViewRequest body = request.body(RegisterViewRequest.class);
    return RestJson.answer(200, CatalogHandlers.registerView(catalog, request.namespace(), body));
  }

  private CatalogAnswer load(RestRequest request) {
    return RestJson.answer(200, CatalogHandlers.loadView(catalog, request.view()));
  }

  private CatalogAnswer exists(RestRequest request) {
    CatalogHandlers.viewExists(catalog, request.view());
    return CatalogAnswer.empty(204);
  }

  private CatalogAnswer replace(RestRequest request) {
    UpdateTableRequest body = request.body(UpdateTableRequest.class);
    return RestJson.answer(200, CatalogHandlers.updateView(catalog, request.view(), body));
  }

  private CatalogAnswer drop(RestRequest request) {
    CatalogHandlers.dropView(catalog, request.view());
    return CatalogAnswer.empty(204);
  }

  private CatalogAnswer rename(RestRequest request) {
    RenameTableRequest body = request.body(RenameTableRequest.class);
    body.validate();
    CatalogHandlers.renameView(catalog, body);
    return CatalogAnswer.empty(204);
  }
}
