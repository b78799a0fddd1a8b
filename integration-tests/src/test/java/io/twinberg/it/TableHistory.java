package io.twinberg.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a replica has in common with its source, snapshot by snapshot and ref by ref. */
public record TableHistory(
    String uuid,
    long lastUpdatedMillis,
    long lastSequenceNumber,
    Set<Snapshot> snapshots,
    Map<String, String> refs) {

  /** One snapshot; whatever it has no number for (parent, row id) is null's text. */
  public record Snapshot(
      long id, String parent, long sequenceNumber, long timestampMillis, String firstRowId)
      implements Comparable<Snapshot> {
    static Snapshot of(JsonNode node) {
      return new Snapshot(
          node.get("snapshot-id").longValue(),
          node.path("parent-snapshot-id").asText(),
          node.path("sequence-number").longValue(), // which format version 1 does not have
          node.get("timestamp-ms").longValue(),
          node.path("first-row-id").asText());
    }

    @Override
    public int compareTo(Snapshot other) {
      return Long.compare(sequenceNumber, other.sequenceNumber);
    }
  }

  public static TableHistory of(JsonNode metadata) {
    Set<Snapshot> snapshots = new TreeSet<>();
    metadata.path("snapshots").forEach(node -> snapshots.add(Snapshot.of(node)));
    Map<String, String> refs = new TreeMap<>();
    metadata.path("refs").properties().forEach(ref -> refs.put(ref.getKey(), text(ref)));
    return new TableHistory(
        metadata.get("table-uuid").textValue(),
        metadata.get("last-updated-ms").longValue(),
        metadata.path("last-sequence-number").longValue(),
        snapshots,
        refs);
  }

  /** Everything that can be read with VERSION AS OF: snapshot ids, branches and tags. */
  public List<String> versions() {
    List<String> versions = new ArrayList<>();
    snapshots.forEach(snapshot -> versions.add(Long.toString(snapshot.id())));
    refs.keySet().forEach(ref -> versions.add("'" + ref + "'"));
    return versions;
  }

  private static String text(Map.Entry<String, JsonNode> ref) {
    return ref.getValue().get("type").asText() + " " + ref.getValue().get("snapshot-id").asText();
  }
}
