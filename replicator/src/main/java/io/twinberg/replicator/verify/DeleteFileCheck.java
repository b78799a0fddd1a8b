package io.twinberg.replicator.verify;

import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.io.FileIO;

/** Looks into delete files, each once: they hold paths of data files. */
final class DeleteFileCheck {
  private final PositionDeletesCheck positions;
  private final VectorCheck vectors;

  // Guarded by this.
  private final LongTable seen = new LongTable();

  DeleteFileCheck(FileIO io, FileRules rules, Findings findings) {
    this.positions = new PositionDeletesCheck(io, rules, findings);
    this.vectors = new VectorCheck(io, rules, findings);
  }

  void check(DeleteFile file, String manifest) {
    if (file.content() != FileContent.POSITION_DELETES || !isNew(file)) {
      return;
    }
    if (file.format() == FileFormat.PUFFIN) {
      vectors.check(file, manifest);
    } else {
      positions.check(file);
    }
  }

  private synchronized boolean isNew(DeleteFile file) {
    String key = file.location() + "#" + file.contentOffset();
    return seen.putIfAbsent(LocationHash.of(key), 0).isEmpty();
  }
}
