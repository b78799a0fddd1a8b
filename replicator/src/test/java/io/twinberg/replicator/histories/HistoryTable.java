package io.twinberg.replicator.histories;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.log.Append;
import io.twinberg.log.KeptJson;
import io.twinberg.log.NewVersion;
import io.twinberg.log.SourceTable;
import io.twinberg.log.VersionOrigin;
import io.twinberg.replica.NewReplica;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.mapping.LocationMapping;
import io.twinberg.replicator.mapping.ReplicaFolder;
import io.twinberg.source.MetadataJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;

/** A table of one history, its log, and its replica. */
final class HistoryTable {
  static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "name", Types.StringType.get()),
          Types.NestedField.optional(3, "n", Types.LongType.get()));

  private static int tables;

  final HistoryLake lake;
  final MemoryCatalog catalog;
  final Table table;
  final Rows rows;
  final LocationMapping mapping;
  private final SourceTable source;
  private final String replicaId;
  private String logged = "";
  private int edits;

  HistoryTable(HistoryLake lake, Random random, String destination) {
    this(lake, 1 + random.nextInt(3), PartitionSpec.unpartitioned(), layout(random), destination);
  }

  HistoryTable(
      HistoryLake lake,
      int formatVersion,
      PartitionSpec spec,
      Map<String, String> properties,
      String destination) {
    this.lake = lake;
    this.catalog = new MemoryCatalog(lake.io());
    TableIdentifier name = TableIdentifier.of("db", "t" + tables++);
    this.table =
        catalog
            .buildTable(name, SCHEMA)
            .withPartitionSpec(spec)
            .withProperties(properties)
            .withProperty("format-version", String.valueOf(formatVersion))
            .create();
    this.rows = new Rows(table);
    this.source = lake.tables.discover("main", "", name, current().uuid(), table.location(), false);
    this.replicaId = "r" + source.id();
    String folder = HistoryLake.ROOT + "/" + name.name() + "-" + replicaId;
    var prefixes = ReplicaFolder.initialMapping(table.location(), folder);
    lake.replicas.create(
        new NewReplica(replicaId, source.id(), "main", destination, name, folder, prefixes));
    this.mapping = new LocationMapping(folder, prefixes, List.of("mem://lake/", "mem://other/"));
    log();
  }

  private static Map<String, String> layout(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Map.of("write.object-storage.enabled", "true");
      case 1 -> Map.of("write.data.path", "mem://other/files");
      case 2 -> Map.of("write.metadata.path", "mem://other/metadata");
      default -> Map.of("commit.manifest.min-count-to-merge", "2");
    };
  }

  long tableId() {
    return source.id();
  }

  TableMetadata current() {
    return ((BaseTable) table).operations().current();
  }

  /** Puts the current version into the log, unless it stands there. */
  void log() {
    table.refresh();
    TableMetadata metadata = current();
    if (metadata.metadataFileLocation().equals(logged)) {
      return;
    }
    logged = metadata.metadataFileLocation();
    SourceTable known = lake.tables.find(source.id()).orElseThrow();
    lake.versions.append(
        new Append(known, known.headPosition(), List.of(version(metadata)), Optional.empty()));
  }

  private NewVersion version(TableMetadata metadata) {
    return new NewVersion(
        logged,
        VersionOrigin.PROXY,
        OptionalLong.empty(),
        metadata.lastSequenceNumber(),
        Instant.ofEpochMilli(metadata.lastUpdatedMillis()),
        metadata.currentSnapshot() == null
            ? OptionalLong.empty()
            : OptionalLong.of(metadata.currentSnapshot().snapshotId()),
        Optional.of(KeptJson.of(read(logged))));
  }

  private byte[] read(String location) {
    try (var in = lake.io().newInputFile(location).newStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Edits the current metadata as a writer other than Iceberg's own would have written it. */
  void edit(Consumer<ObjectNode> change) {
    ObjectNode tree = MetadataJson.parse(read(current().metadataFileLocation()));
    change.accept(tree);
    String location = table.location() + "/metadata/9000" + edits++ + "-edited.metadata.json";
    lake.store.put(location, MetadataJson.write(tree));
    catalog.point(HistoryLake.name(table), location);
    table.refresh();
  }

  /** The replica's metadata as it was written. */
  ObjectNode publishedTree() {
    return MetadataJson.parse(read(replica().metadataLocation().orElseThrow()));
  }

  /** Lets the lane apply what waits. */
  Replica sync() {
    return lake.lane.run(replicaId);
  }

  Replica replica() {
    return lake.replicas.find(replicaId).orElseThrow();
  }

  /** The replica's metadata. */
  TableMetadata published() {
    return TableMetadataParser.read(lake.io(), replica().metadataLocation().orElseThrow());
  }
}
