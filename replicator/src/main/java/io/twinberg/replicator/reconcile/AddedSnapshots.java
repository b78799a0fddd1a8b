package io.twinberg.replicator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
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
    Set<Long> added = new HashSet<>();
    try {
      for (JsonNode update : JSON.readTree(body).findValues("snapshot")) {
        JsonNode id = update.get("snapshot-id");
        if (id != null && id.isIntegralNumber()) {
          added.add(id.longValue());
        }
      }
    } catch (IOException e) {
      LOG.debug("a commit has no JSON body", e);
    }
    return added;
  }
}
