package io.twinberg.replicator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/** Metadata of version 1 as the first writers wrote it: manifests in the snapshot, no list. */
final class InlineManifests {
  private static final ObjectMapper JSON = new ObjectMapper();

  private InlineManifests() {}

  /** Writes such metadata beside a table's own and returns its location. */
  static String of(Table table, FileIO io) throws IOException {
    TableMetadata metadata = TestingLake.current(table);
    String location = metadata.metadataFileLocation();
    ObjectNode tree;
    try (var in = io.newInputFile(location).newStream()) {
      tree = (ObjectNode) JSON.readTree(in);
    }
    tree.get("snapshots")
        .forEach(
            node -> {
              ObjectNode snapshot = (ObjectNode) node;
              ArrayNode manifests = JSON.createArrayNode();
              metadata
                  .snapshot(snapshot.get("snapshot-id").longValue())
                  .allManifests(io)
                  .forEach(manifest -> manifests.add(manifest.path()));
              snapshot.remove("manifest-list");
              snapshot.set("manifests", manifests);
            });
    String inline = location.replace(".metadata.json", "-inline.metadata.json");
    try (OutputStream out = io.newOutputFile(inline).createOrOverwrite()) {
      JSON.writeValue(out, tree);
    }
    return inline;
  }
}
