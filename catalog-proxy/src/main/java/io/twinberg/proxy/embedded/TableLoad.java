package io.twinberg.proxy.embedded;

import io.twinberg.embedded.EmbeddedCatalog;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Header;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.responses.LoadTableResponse;

/** Loads a table, whole or with the snapshots of its references only, or not at all: 304. */
final class TableLoad {
  private final EmbeddedCatalog catalog;

  TableLoad(EmbeddedCatalog catalog) {
    this.catalog = catalog;
  }

  CatalogAnswer answer(RestRequest request) {
    SnapshotMode mode = mode(request.query());
    Optional<TableTag> unchanged = unchanged(request, mode);
    if (unchanged.isPresent()) {
      return new CatalogAnswer(
          304, List.of(header(unchanged.get())), InputStream.nullInputStream());
    }
    LoadTableResponse whole = CatalogHandlers.loadTable(catalog, request.table(), SnapshotMode.ALL);
    return tagged(mode == SnapshotMode.REFS ? references(whole.tableMetadata()) : whole, mode);
  }

  /** The pointer alone decides: an unchanged table costs no read of its metadata. */
  private Optional<TableTag> unchanged(RestRequest request, SnapshotMode mode) {
    Optional<String> known = request.call().header("If-None-Match");
    if (known.isEmpty()) {
      return Optional.empty();
    }
    return catalog
        .metadataLocation(request.table())
        .map(location -> TableTag.of(location, mode))
        .filter(tag -> tag.matches(known.get()));
  }

  private static SnapshotMode mode(Query query) {
    String name = query.value("snapshots").orElse("all");
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "all" -> SnapshotMode.ALL;
      case "refs" -> SnapshotMode.REFS;
      default -> throw new BadRequestException("snapshots must be all or refs: %s", name);
    };
  }

  /**
   * As Iceberg's handler does it, but for tables with statistics too: leaving a snapshot out leaves
   * out its statistics, which counts as a change, and a location refuses changes.
   */
  private static LoadTableResponse references(TableMetadata whole) {
    TableMetadata references =
        TableMetadata.buildFrom(whole)
            .withMetadataLocation(whole.metadataFileLocation())
            .suppressHistoricalSnapshots()
            .discardChanges()
            .build();
    return LoadTableResponse.builder().withTableMetadata(references).build();
  }

  static CatalogAnswer tagged(LoadTableResponse table, SnapshotMode mode) {
    CatalogAnswer answer = RestJson.answer(200, table);
    List<Header> headers = new ArrayList<>(answer.headers());
    headers.add(header(TableTag.of(table.metadataLocation(), mode)));
    return new CatalogAnswer(answer.status(), headers, answer.body());
  }

  private static Header header(TableTag tag) {
    return new Header("ETag", tag.quoted());
  }
}
