package io.twinberg.replicator.delete;

import io.twinberg.replicator.rewrite.PathMapping;
import io.twinberg.replicator.rewrite.RewrittenDelete;
import io.twinberg.storage.ObjectStore;
import java.util.Locale;

/**
 * Rewrites delete files that name data files, with the replica's names. Memory is bounded, files
 * are as large as they like. Used by many threads at once.
 */
public final class DeleteFileRewriter {
  private final ObjectStore source;
  private final ObjectStore destination;
  private final PathMapping mapping;

  /** A rewriter between two stores, which stay the caller's to close. */
  public DeleteFileRewriter(ObjectStore source, ObjectStore destination, PathMapping mapping) {
    this.source = source;
    this.destination = destination;
    this.mapping = mapping;
  }

  /**
   * Rewrites one file of position deletes or deletion vectors.
   *
   * @param format as its manifest entry names it
   * @param recordCount as its manifest entry has it, negative where that is not known: Avro's
   *     reader takes a file that is cut short for a shorter one, and no delete may get lost
   * @throws io.twinberg.storage.StoreException with kind MISSING when the source file is gone,
   *     CORRUPT when it cannot be read; nothing has appeared at the target then
   */
  public RewrittenDelete rewrite(
      String sourcePath, String targetPath, String format, long recordCount) {
    String name = format.toUpperCase(Locale.ROOT);
    return switch (name) {
      case "PUFFIN" -> vectors(sourcePath, targetPath);
      case "PARQUET" -> positions(new ParquetRecords(), sourcePath, targetPath, recordCount);
      case "AVRO" -> positions(new AvroRecords(), sourcePath, targetPath, recordCount);
      case "ORC" -> positions(new OrcRecords(), sourcePath, targetPath, recordCount);
      default -> throw new UnsupportedDeleteFileException(sourcePath, format);
    };
  }

  private RewrittenDelete vectors(String sourcePath, String targetPath) {
    try (LocalCopy copy = LocalCopy.of(source, sourcePath)) {
      return DeletionVectors.rewrite(copy, mapping, destination, targetPath);
    }
  }

  private RewrittenDelete positions(
      RecordFormat format, String sourcePath, String targetPath, long recordCount) {
    try (LocalCopy copy = LocalCopy.of(source, sourcePath)) {
      return new PositionDeletes(format, copy, mapping, destination, targetPath, recordCount)
          .rewrite();
    }
  }
}
