package io.twinberg.replicator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.twinberg.replicator.metadata.MetadataFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The snapshots by which a commit is recognised at the source. */
final class AddedSnapshots {
  private static final Logger LOG = LoggerFactory.getLogger(AddedSnapshots.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private AddedSnapshots() {}

  /** Those that the body of a commit adds, to whichever table. */
  static Set<Long> in(byte[] body) {
    return ids(snapshots(read(body)));
  }

  /**
   * Those that the body of a commit adds to a version's table and that come before the version, by
   * their sequence numbers. None where the commit does not say which table it means, by its UUID.
   */
  static Set<Long> before(MetadataFacts version, byte[] body) {
    JsonNode commit = read(body);
    JsonNode changes = commit.path("table-changes");
    List<JsonNode> snapshots = new ArrayList<>();
    for (JsonNode change : changes.isMissingNode() ? List.of(commit) : changes) {
      if (change.findValuesAsText("uuid").contains(version.uuid())) {
        snapshots.addAll(snapshots(change));
      }
    }
    long last = version.lastSequenceNumber();
    snapshots.removeIf(snapshot -> !isUpTo(last, snapshot.path("sequence-number")));
    return ids(snapshots);
  }

  /** Tables of format 1 have no numbers. */
  private static boolean isUpTo(long last, JsonNode number) {
    return number.isIntegralNumber() && number.longValue() > 0 && number.longValue() <= last;
  }

  private static List<JsonNode> snapshots(JsonNode commit) {
    return commit.findValues("snapshot");
  }

  private static Set<Long> ids(List<JsonNode> snapshots) {
    Set<Long> ids = new HashSet<>();
    for (JsonNode snapshot : snapshots) {
      JsonNode id = snapshot.path("snapshot-id");
      if (id.isIntegralNumber()) {
        ids.add(id.longValue());
      }
    }
    return ids;
  }

  private static JsonNode read(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      LOG.debug("a commit has no JSON body", e);
      return MissingNode.getInstance();
    }
  }
}
