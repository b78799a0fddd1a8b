package io.twinberg.proxy.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.rule.RuleEdit;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** How operations are written. */
final class OperationJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private OperationJson() {}

  /** All but the result, which may be long. */
  static ObjectNode brief(Operation operation) {
    ObjectNode body = StatusJson.object();
    body.put("id", operation.id()).put("kind", operation.request().kind().word());
    body.set("target", target(operation.request()));
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
    if (operation.request() instanceof OperationRequest.Plan plan) {
      body.set("rule", plan.rule().map(OperationJson::rule).orElse(NullNode.getInstance()));
    }
    return body;
  }

  private static ObjectNode target(OperationRequest request) {
    ReplicaTarget target = request.target();
    ObjectNode body = StatusJson.object();
    body.put("source", target.source().orElse(null))
        .put("destination", target.destination().orElse(null))
        .put("table", target.table().map(TableIdentifier::name).orElse(null));
    namespace(request)
        .ifPresentOrElse(
            levels -> body.set("namespace", StatusJson.levels(levels)),
            () -> body.putNull("namespace"));
    return body;
  }

  /** A plan may be about a whole namespace. */
  private static Optional<Namespace> namespace(OperationRequest request) {
    return request instanceof OperationRequest.Plan plan
        ? plan.scope().namespace()
        : request.target().table().map(TableIdentifier::namespace);
  }

  private static JsonNode rule(RuleEdit.Body rule) {
    ObjectNode keys = (ObjectNode) parse(rule.json());
    return keys.put(RuleBody.STATUS, rule.enabled() ? RuleBody.ENABLED : RuleBody.DISABLED);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what an operation holds is no JSON", e);
    }
  }
}
