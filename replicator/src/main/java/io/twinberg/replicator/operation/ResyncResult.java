package io.twinberg.replicator.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replica.Replica;

/** What came of the resync of several replicas, as JSON; used by one thread. */
final class ResyncResult {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ArrayNode reports = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode unfinished = JsonNodeFactory.instance.arrayNode();
  private long copied;
  private long bytes;

  /** What the lane of a replica left. */
  void resynced(Replica replica, String result) {
    JsonNode said = parse(result);
    if (!said.path("ok").asBoolean()) {
      unfinished(replica, said.path("reason").asText());
      return;
    }
    ObjectNode report = VerifyResult.name(replica);
    report.setAll((ObjectNode) said);
    reports.add(report);
    copied += said.path("filesCopied").asLong();
    bytes += said.path("bytesCopied").asLong();
  }

  void unfinished(Replica replica, String reason) {
    unfinished.add(VerifyResult.name(replica).put("reason", reason));
  }

  private static JsonNode parse(String result) {
    try {
      return JSON.readTree(result);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the result of a resync is no JSON", e);
    }
  }

  String summary() {
    String done =
        "%s resynced, %s copied (%d bytes)"
            .formatted(
                VerifyResult.number(reports.size(), "replica"),
                VerifyResult.number(copied, "file"),
                bytes);
    return unfinished.isEmpty()
        ? done
        : done
            + ", "
            + VerifyResult.number(unfinished.size(), "replica")
            + " not: "
            + unfinished.path(0).path("table").asText()
            + ": "
            + unfinished.path(0).path("reason").asText();
  }

  ObjectNode json() {
    ObjectNode json = VerifyWork.object();
    json.put("ok", unfinished.isEmpty())
        .put("replicas", reports.size())
        .put("filesCopied", copied)
        .put("bytesCopied", bytes);
    json.set("reports", reports);
    json.set("unfinished", unfinished);
    return json;
  }
}
