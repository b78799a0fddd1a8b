package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/** Whether a version of the source can follow what the replica holds. */
final class Continuity {
  // Writers' clocks differ; Iceberg itself accepts a minute between neighbouring entries of its
  // logs.
  private static final long CLOCK_SKEW_MS = 60_000;

  private Continuity() {}

  static void check(ObjectNode previous, ObjectNode source) {
    checkUuid(previous, source);
    checkNotBack(
        "format-version",
        Json.requireLong(previous, "format-version"),
        Json.requireLong(source, "format-version"));
    checkCounter(previous, source, "last-sequence-number");
    checkNotBack(
        "last-updated-ms",
        Json.requireLong(previous, "last-updated-ms") - CLOCK_SKEW_MS,
        Json.requireLong(source, "last-updated-ms"));
    checkCounter(previous, source, "next-row-id");
    checkSnapshots(previous, source);
  }

  private static void checkUuid(ObjectNode previous, ObjectNode source) {
    String held = Json.requireText(previous, "table-uuid");
    String offered = Json.requireText(source, "table-uuid");
    if (!held.equals(offered)) {
      throw new SourceWentBackException("table-uuid", held, offered);
    }
  }

  // Tables have sequence numbers from format version 2 on, and row ids from 3 on.
  private static void checkCounter(ObjectNode previous, ObjectNode source, String field) {
    checkNotBack(field, Json.longOr(previous, field, 0), Json.longOr(source, field, 0));
  }

  private static void checkNotBack(String field, long held, long offered) {
    if (offered < held) {
      throw new SourceWentBackException(field, held, offered);
    }
  }

  // A catalog that was rolled back and committed to again may have overtaken the counters; an id
  // that now means another snapshot still shows it.
  private static void checkSnapshots(ObjectNode previous, ObjectNode source) {
    Map<Long, ObjectNode> held = Json.byId(previous, "snapshots", "snapshot-id");
    Map<Long, ObjectNode> offered = Json.byId(source, "snapshots", "snapshot-id");
    offered.forEach(
        (id, snapshot) -> {
          if (held.containsKey(id)) {
            checkSame(id, held.get(id), snapshot);
          }
        });
    held.keySet().removeAll(offered.keySet());
    checkSequenceNumbers(held, offered);
  }

  // A sequence number is given to one snapshot of a history: two of them are of two histories.
  private static void checkSequenceNumbers(
      Map<Long, ObjectNode> onlyHeld, Map<Long, ObjectNode> offered) {
    Map<Long, Long> holders = new HashMap<>();
    onlyHeld.forEach(
        (id, snapshot) -> holders.put(Json.longOr(snapshot, "sequence-number", 0), id));
    offered.forEach(
        (id, snapshot) -> {
          long number = Json.longOr(snapshot, "sequence-number", 0);
          if (number > 0 && holders.containsKey(number)) {
            throw new SourceWentBackException(
                "the snapshot with sequence-number " + number, holders.get(number), id);
          }
        });
  }

  private static void checkSame(long id, JsonNode held, JsonNode offered) {
    for (String field : new String[] {"sequence-number", "timestamp-ms"}) {
      long before = Json.longOr(held, field, 0);
      long now = Json.longOr(offered, field, 0);
      if (before != now) {
        throw new SourceWentBackException(field + " of snapshot " + id, before, now);
      }
    }
  }
}
