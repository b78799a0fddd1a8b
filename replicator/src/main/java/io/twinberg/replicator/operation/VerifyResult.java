package io.twinberg.replicator.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.verify.VerifyReport;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.catalog.TableIdentifier;

/** What came of verifying several replicas, as JSON; used by one thread. */
final class VerifyResult {
  /** So many violations are listed over all replicas; they are counted all the same. */
  private static final int LISTED = 1000;

  private final ArrayNode reports = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode unfinished = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode unpublished = JsonNodeFactory.instance.arrayNode();
  private final Map<String, Long> violationsByDestination = new HashMap<>();
  private long damaged;
  private long violations;
  private long notCompared;
  private int listed;

  void verified(VerifyReport report) {
    ObjectNode json = VerifyJson.of(report, LISTED - listed);
    listed += json.path("violations").size();
    reports.add(json);
    damaged += report.clean() ? 0 : 1;
    violations += report.violationCount();
    if (report.violationCount() > 0) {
      violationsByDestination.merge(
          report.subject().destination(), report.violationCount(), Long::sum);
    }
    notCompared += report.notComparedCount();
  }

  /** Nothing to verify yet. */
  void unpublished(Replica replica) {
    unpublished.add(name(replica));
  }

  /** It could not be verified; that says nothing about it. */
  void unfinished(Replica replica, String reason) {
    unfinished.add(name(replica).put("reason", reason));
  }

  static ObjectNode name(Replica replica) {
    ObjectNode json = VerifyWork.object();
    json.put("replicaId", replica.id()).put("destination", replica.destination());
    json.set("namespace", levels(replica.name()));
    return json.put("table", replica.name().name());
  }

  static ArrayNode levels(TableIdentifier table) {
    ArrayNode levels = JsonNodeFactory.instance.arrayNode();
    for (String level : table.namespace().levels()) {
      levels.add(level);
    }
    return levels;
  }

  Map<String, Long> violationsByDestination() {
    return violationsByDestination;
  }

  String summary() {
    StringBuilder text = new StringBuilder();
    text.append(number(reports.size(), "replica")).append(" verified, ");
    text.append(number(violations, "violation"));
    if (damaged > 0) {
      text.append(" in ").append(number(damaged, "replica"));
    }
    if (notCompared > 0) {
      text.append(", ").append(number(notCompared, "thing")).append(" not compared");
    }
    if (!unfinished.isEmpty()) {
      text.append(", ").append(number(unfinished.size(), "replica")).append(" not finished");
    }
    if (!unpublished.isEmpty()) {
      text.append(", ").append(unpublished.size()).append(" not published yet");
    }
    return text.toString();
  }

  static String number(long number, String word) {
    return number + " " + word + (number == 1 ? "" : "s");
  }

  ObjectNode json() {
    ObjectNode json = VerifyWork.object();
    json.put("ok", violations == 0 && unfinished.isEmpty())
        .put("replicas", reports.size())
        .put("damaged", damaged)
        .put("violations", violations)
        .put("notCompared", notCompared);
    json.set("reports", reports);
    json.set("unfinished", unfinished);
    json.set("unpublished", unpublished);
    return json;
  }
}
