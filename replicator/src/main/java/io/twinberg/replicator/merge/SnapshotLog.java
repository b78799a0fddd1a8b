package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The history of the current snapshot. The source cuts the front of its log when it expires
 * snapshots, so the source's log is the tail of the whole one. Never sorted by time: clocks differ.
 */
final class SnapshotLog {
  private SnapshotLog() {}

  static List<ObjectNode> merge(List<ObjectNode> replica, List<ObjectNode> source) {
    int overlap = overlap(replica, source);
    if (overlap == 0 && startsBefore(replica, source)) {
      return source;
    }
    List<ObjectNode> log = new ArrayList<>(replica.subList(0, replica.size() - overlap));
    log.addAll(source);
    return log;
  }

  /** The greatest number of entries at the replica's end that the source begins with. */
  private static int overlap(List<ObjectNode> replica, List<ObjectNode> source) {
    for (int length = Math.min(replica.size(), source.size()); length > 0; length--) {
      List<ObjectNode> tail = replica.subList(replica.size() - length, replica.size());
      if (same(tail, source.subList(0, length))) {
        return length;
      }
    }
    return 0;
  }

  // The source knows more of the past than the replica: appending would tell it twice.
  private static boolean startsBefore(List<ObjectNode> replica, List<ObjectNode> source) {
    return !replica.isEmpty()
        && source.stream().anyMatch(entry -> same(entry, replica.get(replica.size() - 1)));
  }

  private static boolean same(List<ObjectNode> some, List<ObjectNode> others) {
    for (int i = 0; i < some.size(); i++) {
      if (!same(some.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(ObjectNode some, ObjectNode other) {
    return Json.requireLong(some, "timestamp-ms") == Json.requireLong(other, "timestamp-ms")
        && Json.requireLong(some, "snapshot-id") == Json.requireLong(other, "snapshot-id");
  }
}
