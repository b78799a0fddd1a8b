package org.apache.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.encryption.PlaintextEncryptionManager;
import org.apache.iceberg.inmemory.InMemoryFileIO;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Real manifests and manifest lists, written and read by Iceberg itself. */
public final class ManifestFixtures {

  public static final String SOURCE = "s3://lake/warehouse/sales/orders";
  public static final long SNAPSHOT_ID = 7_777_777_777_777L;

  private static final int COLUMNS = 20;
  private static final Schema SCHEMA = schema();
  private static final int PATH_POSITION = 1;

  private ManifestFixtures() {}

  /** A manifest's bytes with what a manifest list says about it. */
  public record Written(byte[] bytes, ManifestFile listed, PartitionSpec spec) {}

  private static Schema schema() {
    Types.NestedField[] columns = new Types.NestedField[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      columns[i] =
          switch (i % 4) {
            case 0 -> Types.NestedField.optional(i + 1, "c" + i, Types.LongType.get());
            case 1 -> Types.NestedField.optional(i + 1, "c" + i, Types.StringType.get());
            case 2 -> Types.NestedField.optional(i + 1, "c" + i, Types.DoubleType.get());
            default -> Types.NestedField.required(i + 1, "c" + i, Types.TimestampType.withZone());
          };
    }
    return new Schema(columns);
  }

  /** Specs by name: unpartitioned, two fields, and one of every usual transform. */
  public static PartitionSpec spec(String name) {
    return switch (name) {
      case "none" -> PartitionSpec.unpartitioned();
      case "two" -> PartitionSpec.builderFor(SCHEMA).withSpecId(1).identity("c1").day("c3").build();
      case "many" ->
          PartitionSpec.builderFor(SCHEMA)
              .withSpecId(2)
              .bucket("c0", 16)
              .truncate("c1", 4)
              .identity("c2")
              .hour("c7")
              .alwaysNull("c5")
              .build();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /**
   * A data manifest: 80 % ADDED (one in twenty with an explicit sequence number), 15 % EXISTING
   * (half with explicit row ids from version 3 on), 5 % DELETED, statistics of all columns.
   */
  public static Written manifest(
      int formatVersion, String specName, String codec, int entries, long seed) {
    Random random = new Random(seed);
    PartitionSpec spec = spec(specName);
    InMemoryOutputFile out = new InMemoryOutputFile(SOURCE + "/metadata/m-" + seed + ".avro");
    ManifestWriter<DataFile> writer =
        ManifestFiles.newWriter(
            formatVersion,
            spec,
            EncryptedFiles.plainAsEncryptedOutput(out),
            SNAPSHOT_ID,
            formatVersion > 2 ? 1000L : null,
            Map.of(TableProperties.AVRO_COMPRESSION, codec));
    try (writer) {
      for (int i = 0; i < entries; i++) {
        add(writer, file(formatVersion, spec, random, i), formatVersion, random);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Written(out.toByteArray(), committed(writer.toManifestFile()), spec);
  }

  private static void add(
      ManifestWriter<DataFile> writer, DataFile file, int formatVersion, Random random) {
    int kind = random.nextInt(100);
    if (kind < 80) {
      if (formatVersion > 1 && kind < 4) {
        writer.add(file, 1 + random.nextInt(40));
      } else {
        writer.add(file);
      }
    } else if (kind < 95) {
      writer.existing(file, random.nextLong() >>> 1, random.nextInt(40), 3L + random.nextInt(40));
    } else {
      writer.delete(file, random.nextInt(40), kind == 99 ? null : Long.valueOf(41));
    }
  }

  private static DataFile file(int formatVersion, PartitionSpec spec, Random random, int i) {
    DataFiles.Builder builder =
        DataFiles.builder(spec)
            .withPath(
                SOURCE
                    + "/data/c1=%s/%05d-%d-%016x%016x.parquet"
                        .formatted(
                            i % 9 == 0 ? "zürich☃" : "v" + i % 50,
                            i,
                            i % 97,
                            random.nextLong(),
                            random.nextLong()))
            .withFormat(i % 40 == 0 ? FileFormat.ORC : FileFormat.PARQUET)
            .withFileSizeInBytes(random.nextInt(1 << 30))
            .withRecordCount(random.nextInt(1 << 20))
            .withMetrics(StatisticsFixtures.metrics(COLUMNS, random))
            .withSplitOffsets(random.nextBoolean() ? null : List.of(4L, 134_217_732L, 268_435_460L))
            .withSortOrderId(0);
    if (spec.isPartitioned()) {
      builder.withPartition(StatisticsFixtures.partition(spec, random));
    }
    if (formatVersion > 2 && random.nextBoolean()) {
      builder.withFirstRowId(random.nextLong() >>> 20);
    }
    return builder.build();
  }

  /** What the table would know after the commit: a sequence number. */
  static ManifestFile committed(ManifestFile written) {
    return listed(written.path(), written.length(), written.content(), written);
  }

  private static ManifestFile listed(
      String path, long length, ManifestContent content, ManifestFile like) {
    return new GenericManifestFile(
        path,
        length,
        like.partitionSpecId(),
        content,
        42,
        Math.max(0, like.minSequenceNumber()),
        like.snapshotId(),
        like.partitions(),
        null,
        like.addedFilesCount(),
        like.addedRowsCount(),
        like.existingFilesCount(),
        like.existingRowsCount(),
        like.deletedFilesCount(),
        like.deletedRowsCount(),
        content == ManifestContent.DATA ? like.firstRowId() : null);
  }

  /** A delete manifest of one position delete or one equality delete. */
  public static byte[] deleteManifest(int formatVersion, boolean equality) {
    InMemoryOutputFile out = new InMemoryOutputFile(SOURCE + "/metadata/d.avro");
    PartitionSpec spec = spec("none");
    FileMetadata.Builder file =
        FileMetadata.deleteFileBuilder(spec)
            .withPath(SOURCE + "/data/delete.parquet")
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(10)
            .withRecordCount(1);
    DeleteFile delete = (equality ? file.ofEqualityDeletes(1) : file.ofPositionDeletes()).build();
    try (ManifestWriter<DeleteFile> writer =
        ManifestFiles.writeDeleteManifest(formatVersion, spec, out, SNAPSHOT_ID)) {
      writer.add(delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The paths that Iceberg's own reader finds in a manifest, deleted entries included. */
  public static List<String> paths(Written manifest, byte[] bytes) {
    return read(manifest, bytes, entry -> entry.file().location());
  }

  /** The row ids of its live files that Iceberg's own reader makes of it. */
  public static List<Long> rowIds(Written manifest, byte[] bytes) {
    return read(manifest, bytes, entry -> entry.isLive() ? entry.file().firstRowId() : -1L);
  }

  private static <T> List<T> read(
      Written manifest, byte[] bytes, Function<ManifestEntry<DataFile>, T> value) {
    InMemoryFileIO io = new InMemoryFileIO();
    io.addFile(manifest.listed().path(), bytes);
    Map<Integer, PartitionSpec> specs = Map.of(manifest.spec().specId(), manifest.spec());
    try (ManifestReader<DataFile> reader =
            ManifestFiles.read(withLength(manifest, bytes), io, specs);
        CloseableIterable<ManifestEntry<DataFile>> entries = reader.entries()) {
      return StreamSupport.stream(entries.spliterator(), false).map(value).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ManifestFile withLength(Written manifest, byte[] bytes) {
    ManifestFile like = manifest.listed();
    return listed(like.path(), bytes.length, like.content(), like);
  }

  /** A manifest list of so many manifests, every third of them with deletes from version 2 on. */
  public static byte[] list(int formatVersion, String codec, int manifests, @Nullable Long rowId) {
    InMemoryOutputFile out = new InMemoryOutputFile(SOURCE + "/metadata/snap.avro");
    Written like = manifest(formatVersion, "two", codec, 20, 5);
    try (ManifestListWriter writer =
        ManifestLists.write(
            formatVersion,
            out,
            PlaintextEncryptionManager.instance(),
            SNAPSHOT_ID,
            6L,
            formatVersion == 1 ? 0 : 42,
            rowId)) {
      for (int i = 0; i < manifests; i++) {
        boolean deletes = formatVersion > 1 && i % 3 == 2;
        writer.add(
            listed(
                SOURCE + "/metadata/m" + i + ".avro",
                1000 + i,
                deletes ? ManifestContent.DELETES : ManifestContent.DATA,
                like.listed()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** What Iceberg's own reader finds in a manifest list. */
  public static List<ManifestFile> readList(byte[] bytes) {
    return ManifestLists.read(new InMemoryInputFile(SOURCE + "/metadata/snap.avro", bytes));
  }

  /** Copies through Iceberg's reader and writer, with each path changed in place. */
  public static byte[] copyWithModel(
      Written manifest, String codec, UnaryOperator<String> mapping) {
    InMemoryFileIO io = new InMemoryFileIO();
    io.addFile(manifest.listed().path(), manifest.bytes());
    InMemoryOutputFile out = new InMemoryOutputFile(SOURCE + "/metadata/copy.avro");
    Map<Integer, PartitionSpec> specs = Map.of(manifest.spec().specId(), manifest.spec());
    ManifestWriter<DataFile> writer =
        ManifestFiles.write(
            3, manifest.spec(), out, SNAPSHOT_ID, Map.of(TableProperties.AVRO_COMPRESSION, codec));
    try (writer;
        ManifestReader<DataFile> reader =
            ManifestFiles.read(manifest.listed(), io, specs).select(List.of("*"));
        CloseableIterable<ManifestEntry<DataFile>> entries = reader.entries()) {
      for (ManifestEntry<DataFile> entry : entries) {
        BaseFile<?> file = (BaseFile<?>) entry.file();
        file.internalSet(PATH_POSITION, mapping.apply(file.location()));
        switch (entry.status()) {
          case ADDED -> writer.add(entry);
          case EXISTING -> writer.existing(entry);
          case DELETED -> writer.delete(entry);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Copies with Iceberg's path rewriting utility. */
  public static byte[] copyWithRewriteTablePath(Written manifest, String target) {
    InMemoryFileIO io = new InMemoryFileIO();
    io.addFile(manifest.listed().path(), manifest.bytes());
    InMemoryOutputFile out = new InMemoryOutputFile(SOURCE + "/metadata/copy.avro");
    try {
      RewriteTablePathUtil.rewriteDataManifest(
          manifest.listed(),
          Set.of(SNAPSHOT_ID),
          out,
          io,
          3,
          Map.of(manifest.spec().specId(), manifest.spec()),
          SOURCE,
          target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
