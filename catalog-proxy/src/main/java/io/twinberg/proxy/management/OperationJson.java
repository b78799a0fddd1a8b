package io.twinberg.proxy.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.ReplicaTarget;

/** How operations are written. */
final class OperationJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private OperationJson() {}

  /** All but the result, which may be long. */
  static ObjectNode brief(Operation operation) {
    ObjectNode body = StatusJson.object();
    body.put("id", operation.id()).put("kind", operation.request().kind().word());
    body.set("target", target(operation.request().target()));
    if (operation.request() instanceof OperationRequest.Verify verify) {
      body.put("rows", verify.rows().word());
    }
    return body.put("state", operation.state().word())
        .put("requestedBy", operation.requestedBy())
        .put("requestedAt", operation.requestedAt().toString())
        .put("startedAt", StatusJson.instant(operation.startedAt()))
        .put("finishedAt", StatusJson.instant(operation.finishedAt()))
        .put("progress", operation.progress().orElse(null))
        .put("summary", operation.summary().orElse(null));
  }

  static ObjectNode whole(Operation operation) {
    ObjectNode body = brief(operation);
    body.set("result", operation.result().map(OperationJson::parse).orElse(NullNode.getInstance()));
    return body;
  }

  private static ObjectNode target(ReplicaTarget target) {
    ObjectNode body = StatusJson.object();
    body.put("source", target.source().orElse(null))
        .put("destination", target.destination().orElse(null));
    target
        .table()
        .ifPresentOrElse(
            table ->
                body.put("table", table.name())
                    .set("namespace", StatusJson.levels(table.namespace())),
            () -> body.putNull("table").putNull("namespace"));
    return body;
  }

  private static JsonNode parse(String result) {
    try {
      return JSON.readTree(result);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an operation's result is no JSON", e);
    }
  }
}
