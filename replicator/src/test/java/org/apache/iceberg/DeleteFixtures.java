package org.apache.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.iceberg.inmemory.InMemoryFileIO;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.io.CloseableIterable;

/** Real delete manifests, written and read by Iceberg itself. */
public final class DeleteFixtures {
  public static final int PATH_COLUMN = MetadataColumns.DELETE_FILE_PATH.fieldId();

  private static final String DATA = ManifestFixtures.SOURCE + "/data/";
  private static final PartitionSpec SPEC = ManifestFixtures.spec("none");

  private DeleteFixtures() {}

  /** What Iceberg's reader finds in an entry, as far as a replica may change it or must not. */
  public record Entry(
      Object status,
      Long snapshotId,
      Long dataSequenceNumber,
      Long fileSequenceNumber,
      FileContent content,
      String path,
      long length,
      String referenced,
      Long contentOffset,
      Long contentSize,
      ByteBuffer lower,
      ByteBuffer upper,
      Map<Integer, Long> columnSizes,
      List<Long> splitOffsets,
      long records,
      List<Integer> equalityIds) {}

  /** A delete manifest of all kinds of entries. */
  public static ManifestFixtures.Written manifest(
      int version, String codec, int entries, long seed) {
    Random random = new Random(seed);
    List<DeleteFile> files = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      files.add(file(version, random, i));
    }
    return manifest(version, codec, files, random);
  }

  /** A delete manifest of the given files, each with a status by chance. */
  public static ManifestFixtures.Written manifest(
      int version, String codec, List<DeleteFile> files, Random random) {
    InMemoryOutputFile out = new InMemoryOutputFile(ManifestFixtures.SOURCE + "/metadata/d.avro");
    ManifestWriter<DeleteFile> writer =
        ManifestFiles.writeDeleteManifest(
            version,
            SPEC,
            out,
            ManifestFixtures.SNAPSHOT_ID,
            Map.of(TableProperties.AVRO_COMPRESSION, codec));
    try (writer) {
      for (DeleteFile file : files) {
        switch (random.nextInt(4)) {
          case 0 -> writer.add(file);
          case 1 -> writer.add(file, 1 + random.nextInt(40));
          case 2 -> writer.existing(file, 5, random.nextInt(40), 3L + random.nextInt(40));
          default -> writer.delete(file, random.nextInt(40), 41L);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ManifestFixtures.Written(
        out.toByteArray(), ManifestFixtures.committed(writer.toManifestFile()), SPEC);
  }

  private static DeleteFile file(int version, Random random, int i) {
    if (version > 2 && random.nextInt(3) == 0) {
      return vector(i, random.nextInt(1 << 20));
    }
    return switch (random.nextInt(6)) {
      case 0 -> equality(i);
      case 1 -> positions(i, random, DATA + "a-" + i + ".parquet", DATA + "a-" + i + ".parquet");
      case 2 -> positions(i, random, DATA + "a.parquet", DATA + "b.parquet");
      case 3 -> positions(i, random, "s3://lake/wareho", "s3://lake/warehp");
      case 4 -> positions(i, random, DATA + "a.parquet", null);
      default -> positions(i, random, null, null);
    };
  }

  /** Position deletes with the bounds that their writer has chosen to record. */
  public static DeleteFile positions(int i, Random random, String lower, String upper) {
    FileMetadata.Builder file =
        FileMetadata.deleteFileBuilder(SPEC)
            .ofPositionDeletes()
            .withPath(DATA + "c1=zürich☃/delete-" + i + ".parquet")
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(1000 + i)
            .withMetrics(metrics(lower, upper))
            .withSplitOffsets(random.nextBoolean() ? null : List.of(4L));
    if (lower != null && lower.equals(upper) && random.nextBoolean()) {
      file.withReferencedDataFile(lower);
    }
    return file.build();
  }

  private static Metrics metrics(String lower, String upper) {
    Map<Integer, Long> sizes = Map.of(PATH_COLUMN, 77L, PATH_COLUMN - 1, 33L);
    Map<Integer, Long> counts = Map.of(PATH_COLUMN, 5L, PATH_COLUMN - 1, 5L);
    return new Metrics(5L, sizes, counts, Map.of(), Map.of(), bounds(lower), bounds(upper));
  }

  private static Map<Integer, ByteBuffer> bounds(String path) {
    Map<Integer, ByteBuffer> bounds = new HashMap<>();
    bounds.put(PATH_COLUMN - 1, ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 0, 0, 0, 0}));
    if (path != null) {
      bounds.put(PATH_COLUMN, ByteBuffer.wrap(path.getBytes(StandardCharsets.UTF_8)));
    }
    return bounds;
  }

  private static DeleteFile vector(int i, int offset) {
    return FileMetadata.deleteFileBuilder(SPEC)
        .ofPositionDeletes()
        // Three vectors share a file.
        .withPath(DATA + "vectors-" + i / 3 + ".puffin")
        .withFormat(FileFormat.PUFFIN)
        .withFileSizeInBytes(5000 + i / 3)
        .withRecordCount(3)
        .withReferencedDataFile(DATA + "v-" + i + ".parquet")
        .withContentOffset(offset)
        .withContentSizeInBytes(44)
        .build();
  }

  private static DeleteFile equality(int i) {
    return FileMetadata.deleteFileBuilder(SPEC)
        .ofEqualityDeletes(1, 3)
        .withPath(DATA + "equality-" + i + ".parquet")
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(3000 + i)
        .withRecordCount(2)
        .withSplitOffsets(List.of(4L))
        .withMetrics(new Metrics(2L, Map.of(1, 10L), Map.of(1, 2L), Map.of(), Map.of()))
        .build();
  }

  /** The entries that Iceberg's own reader finds, deleted ones included. */
  public static List<Entry> read(ManifestFixtures.Written manifest, byte[] bytes) {
    InMemoryFileIO io = new InMemoryFileIO();
    io.addFile(manifest.listed().path(), bytes);
    ManifestFile listed = ManifestFixtures.withLength(manifest, bytes);
    try (ManifestReader<DeleteFile> reader =
            ManifestFiles.readDeleteManifest(listed, io, Map.of(SPEC.specId(), SPEC));
        CloseableIterable<ManifestEntry<DeleteFile>> entries = reader.entries()) {
      return StreamSupport.stream(entries.spliterator(), false).map(DeleteFixtures::entry).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry entry(ManifestEntry<DeleteFile> entry) {
    DeleteFile file = entry.file().copy();
    return new Entry(
        entry.status(),
        entry.snapshotId(),
        entry.dataSequenceNumber(),
        entry.fileSequenceNumber(),
        file.content(),
        file.location(),
        file.fileSizeInBytes(),
        file.referencedDataFile(),
        file.contentOffset(),
        file.contentSizeInBytes(),
        bound(file.lowerBounds()),
        bound(file.upperBounds()),
        file.columnSizes(),
        file.splitOffsets(),
        file.recordCount(),
        file.equalityFieldIds());
  }

  private static ByteBuffer bound(Map<Integer, ByteBuffer> bounds) {
    return bounds == null ? null : bounds.get(PATH_COLUMN);
  }

  /** Copies with Iceberg's path rewriting utility, and tells which files it wants rewritten. */
  public static RewriteTablePathUtil.RewriteResult<DeleteFile> copyWithRewriteTablePath(
      ManifestFixtures.Written manifest, int version, String target, InMemoryOutputFile out) {
    InMemoryFileIO io = new InMemoryFileIO();
    io.addFile(manifest.listed().path(), manifest.bytes());
    try {
      return RewriteTablePathUtil.rewriteDeleteManifest(
          manifest.listed(),
          Set.of(ManifestFixtures.SNAPSHOT_ID),
          out,
          io,
          version,
          Map.of(SPEC.specId(), SPEC),
          ManifestFixtures.SOURCE,
          target,
          "s3://staging",
          Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
