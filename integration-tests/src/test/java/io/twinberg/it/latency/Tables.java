package io.twinberg.it.latency;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.types.Types;

/** The table of the fast upstream, as a catalog answers it. */
final class Tables {
  /** The answer to a load or a commit. */
  static final byte[] LOADED = loaded();

  private Tables() {}

  private static byte[] loaded() {
    Schema schema = new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
    TableMetadata metadata =
        TableMetadata.newTableMetadata(
            schema,
            PartitionSpec.unpartitioned(),
            SortOrder.unsorted(),
            "s3://lake/bench/t",
            Map.of());
    String json =
        "{\"metadata-location\":\"s3://lake/bench/t/metadata/1.metadata.json\",\"metadata\":%s}"
            .formatted(TableMetadataParser.toJson(metadata));
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
