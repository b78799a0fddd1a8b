package io.twinberg.it.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PendingUpdate;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What becomes of a table that lives: most commits append, the others overwrite, delete and compact
 * data files and manifests, so that old files are soon named by old snapshots only.
 */
final class RandomChanges implements Change {
  private static final int APPENDS = 60;
  private static final int OVERWRITES = 15;
  private static final int DELETES = 8;
  private static final int COMPACTIONS = 10;
  private static final int ALL = 100; // the rest rewrites manifests

  private final Random random;
  private final SameRows rows = new SameRows();

  RandomChanges(Random random) {
    this.random = random;
  }

  @Override
  public PendingUpdate<Snapshot> of(Table table) {
    int drawn = random.nextInt(ALL);
    if (drawn < APPENDS) {
      return append(table);
    }
    List<DataFile> files = files(table);
    if (files.isEmpty()) {
      return append(table);
    }
    if (drawn < APPENDS + OVERWRITES) {
      return overwrite(table, some(files));
    }
    if (drawn < APPENDS + OVERWRITES + DELETES) {
      return delete(table, some(files));
    }
    if (drawn < APPENDS + OVERWRITES + DELETES + COMPACTIONS) {
      return compact(table, files);
    }
    return table.rewriteManifests().clusterBy(file -> "all");
  }

  private PendingUpdate<Snapshot> append(Table table) {
    return table.newFastAppend().appendFile(rows.in(table));
  }

  private PendingUpdate<Snapshot> overwrite(Table table, List<DataFile> files) {
    OverwriteFiles overwrite = table.newOverwrite().addFile(rows.in(table));
    files.forEach(overwrite::deleteFile);
    return overwrite;
  }

  private static PendingUpdate<Snapshot> delete(Table table, List<DataFile> files) {
    DeleteFiles delete = table.newDelete();
    files.forEach(delete::deleteFile);
    return delete;
  }

  private PendingUpdate<Snapshot> compact(Table table, List<DataFile> files) {
    int all = files.stream().mapToInt(file -> (int) file.recordCount()).sum();
    RewriteFiles compact = table.newRewrite().addFile(rows.in(table, all));
    files.forEach(compact::deleteFile);
    return compact;
  }

  private List<DataFile> some(List<DataFile> files) {
    int first = random.nextInt(files.size());
    return files.subList(first, Math.min(files.size(), first + 1 + random.nextInt(3)));
  }

  /** The data files of a table as it was loaded. */
  static List<DataFile> files(Table table) {
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      List<DataFile> files = new ArrayList<>();
      tasks.forEach(task -> files.add(task.file()));
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
