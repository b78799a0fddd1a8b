package io.twinberg.proxy.embedded;

import io.twinberg.embedded.EmbeddedCatalog;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Page;
import java.util.List;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.UpdateRequirement;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.requests.CommitTransactionRequest;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.RegisterTableRequest;
import org.apache.iceberg.rest.requests.RenameTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ListTablesResponse;
import org.apache.iceberg.rest.responses.LoadTableResponse;

/** The table operations, and the transaction over several tables. */
final class TableRoutes {
  private final EmbeddedCatalog catalog;
  private final TableLoad load;

  TableRoutes(EmbeddedCatalog catalog) {
    this.catalog = catalog;
    this.load = new TableLoad(catalog);
  }

  List<Route> routes() {
    return List.of(
        new Route(Endpoint.V1_LIST_TABLES, this::list),
        new Route(Endpoint.V1_CREATE_TABLE, this::create),
        new Route(Endpoint.V1_REGISTER_TABLE, this::register),
        new Route(Endpoint.V1_LOAD_TABLE, load::answer),
        new Route(Endpoint.V1_TABLE_EXISTS, this::exists),
        new Route(Endpoint.V1_UPDATE_TABLE, this::update),
        new Route(Endpoint.V1_DELETE_TABLE, this::drop),
        new Route(Endpoint.V1_RENAME_TABLE, this::rename),
        new Route(Endpoint.V1_COMMIT_TRANSACTION, this::commitTransaction),
        new Route(Endpoint.V1_REPORT_METRICS, request -> CatalogAnswer.empty(204)));
  }

  private CatalogAnswer list(RestRequest request) {
    Page<TableIdentifier> page =
        Page.of(catalog.listTables(request.namespace()), TableIdentifier::name, request.query());
    return RestJson.answer(
        200,
        ListTablesResponse.builder()
            .addAll(page.items())
            .nextPageToken(page.nextToken().orElse(null))
            .build());
  }

  private CatalogAnswer create(RestRequest request) {
    CreateTableRequest body = request.body(CreateTableRequest.class);
    if (!body.stageCreate()) {
      return tagged(CatalogHandlers.createTable(catalog, request.namespace(), body));
    }
    CatalogHandlers.namespaceExists(catalog, request.namespace());
    LoadTableResponse staged = CatalogHandlers.stageTableCreate(catalog, request.namespace(), body);
    // Before the client writes data there, not when it commits.
    catalog.checkLocations(staged.tableMetadata());
    return RestJson.answer(200, staged);
  }

  private CatalogAnswer register(RestRequest request) {
    RegisterTableRequest body = request.body(RegisterTableRequest.class);
    return tagged(CatalogHandlers.registerTable(catalog, request.namespace(), body));
  }

  private CatalogAnswer exists(RestRequest request) {
    CatalogHandlers.tableExists(catalog, request.table());
    return CatalogAnswer.empty(204);
  }

  private CatalogAnswer update(RestRequest request) {
    UpdateTableRequest body = request.body(UpdateTableRequest.class);
    requireSchemaOfCreate(body);
    return tagged(CatalogHandlers.updateTable(catalog, request.table(), body));
  }

  /** Iceberg's builder fails without one, and that would look like an unknown outcome. */
  private static void requireSchemaOfCreate(UpdateTableRequest body) {
    boolean creates =
        body.requirements().stream()
            .anyMatch(UpdateRequirement.AssertTableDoesNotExist.class::isInstance);
    if (creates && body.updates().stream().noneMatch(MetadataUpdate.AddSchema.class::isInstance)) {
      throw new BadRequestException("A commit that creates a table must add a schema");
    }
  }

  private CatalogAnswer drop(RestRequest request) {
    boolean purge =
        request.query().value("purgeRequested").map(Boolean::parseBoolean).orElse(false);
    if (purge) {
      CatalogHandlers.purgeTable(catalog, request.table());
    } else {
      CatalogHandlers.dropTable(catalog, request.table());
    }
    return CatalogAnswer.empty(204);
  }

  private CatalogAnswer rename(RestRequest request) {
    RenameTableRequest body = request.body(RenameTableRequest.class);
    body.validate();
    CatalogHandlers.renameTable(catalog, body);
    return CatalogAnswer.empty(204);
  }

  private CatalogAnswer commitTransaction(RestRequest request) {
    CommitTransactionRequest body = request.body(CommitTransactionRequest.class);
    body.validate();
    catalog.commitTransaction(body.tableChanges());
    return CatalogAnswer.empty(204);
  }

  /** The whole table, with the tag that a load of it would bear. */
  private static CatalogAnswer tagged(LoadTableResponse table) {
    return TableLoad.tagged(table, SnapshotMode.ALL);
  }
}
