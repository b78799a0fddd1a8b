package io.twinberg.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.database.NamespaceColumn;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/** How a request stands in the columns of its row: as JSON. */
final class RequestColumns {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RequestColumns() {}

  static String target(OperationRequest request) {
    ReplicaTarget target = request.target();
    ObjectNode json = JSON.createObjectNode();
    target.source().ifPresent(name -> json.put("source", name));
    target.destination().ifPresent(name -> json.put("destination", name));
    target
        .table()
        .ifPresent(
            table ->
                json.put("namespace", NamespaceColumn.of(table.namespace()))
                    .put("table", table.name()));
    return json.toString();
  }

  static String options(OperationRequest request) {
    ObjectNode json = JSON.createObjectNode();
    if (request instanceof OperationRequest.Verify verify) {
      json.put("rows", verify.rows().word());
    }
    return json.toString();
  }

  static OperationRequest request(String kind, String target, String options) {
    return switch (OperationKind.valueOf(kind)) {
      case VERIFY -> new OperationRequest.Verify(target(target), rows(options));
      case RETRY -> new OperationRequest.Retry(target(target));
      case PAUSE -> new OperationRequest.Pause(target(target));
      case RESUME -> new OperationRequest.Resume(target(target));
      case REFRESH -> new OperationRequest.Refresh(target(target));
      case RESYNC -> new OperationRequest.Resync(target(target));
    };
  }

  private static RowScope rows(String options) {
    return RowScope.ofWord(parse(options).path("rows").asText()).orElse(RowScope.NONE);
  }

  private static ReplicaTarget target(String column) {
    JsonNode json = parse(column);
    return new ReplicaTarget(
        text(json, "source"),
        text(json, "destination"),
        text(json, "table")
            .map(
                name ->
                    TableIdentifier.of(
                        NamespaceColumn.parse(json.path("namespace").asText()), name)));
  }

  private static Optional<String> text(JsonNode json, String field) {
    return json.path(field).isTextual()
        ? Optional.of(json.path(field).textValue())
        : Optional.empty();
  }

  private static JsonNode parse(String column) {
    try {
      return JSON.readTree(column);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a column of an operation: " + column, e);
    }
  }
}
