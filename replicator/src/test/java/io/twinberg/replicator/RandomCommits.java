package io.twinberg.replicator;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ExpireSnapshots.CleanupLevel;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;

/** Commits of all kinds to a table, drawn from a seed. */
final class RandomCommits {
  /** Manifests are merged soon: then the replicator reads those that it has written before. */
  static final Map<String, String> PROPERTIES = Map.of("commit.manifest.min-count-to-merge", "3");

  private enum Kind {
    APPEND,
    OVERWRITE,
    DELETE_FILE,
    DELETE_ROWS,
    EXPIRE,
    SET_PROPERTY
  }

  private final Table table;
  private final Random random;
  private final List<DataFile> files = new ArrayList<>();
  private final Map<Kind, Integer> done = new EnumMap<>(Kind.class);
  private int names;

  RandomCommits(Table table, long seed) {
    this.table = table;
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  /** Whether the writer waits now, until the replica has followed. */
  boolean pauses() {
    return random.nextInt(2) == 0;
  }

  void commit() {
    Kind kind =
        files.size() < 2 || random.nextInt(2) == 0
            ? Kind.APPEND
            : Kind.values()[random.nextInt(Kind.values().length)];
    done.merge(kind, 1, Integer::sum);
    switch (kind) {
      case APPEND -> append();
      case OVERWRITE -> table.newOverwrite().deleteFile(any()).addFile(file()).commit();
      case DELETE_FILE -> table.newDelete().deleteFile(any()).commit();
      case DELETE_ROWS -> deleteRows();
      case EXPIRE -> expire();
      case SET_PROPERTY -> table.updateProperties().set("commit", "" + names++).commit();
    }
  }

  private void append() {
    var append = table.newAppend();
    for (int i = random.nextInt(3); i >= 0; i--) {
      append.appendFile(file());
    }
    append.commit();
  }

  private void deleteRows() {
    DataFile file = files.get(random.nextInt(files.size()));
    MergeOnRead.Deleted deleted = new MergeOnRead.Deleted(file, 1);
    table
        .newRowDelta()
        .addDeletes(
            new MergeOnRead(table)
                .positions(FileFormat.PARQUET, "deletes-" + names++, false, deleted))
        .commit();
  }

  private void expire() {
    table
        .expireSnapshots()
        .expireOlderThan(System.currentTimeMillis())
        .retainLast(3)
        .cleanupLevel(random.nextBoolean() ? CleanupLevel.ALL : CleanupLevel.NONE)
        .commit();
  }

  private DataFile file() {
    DataFile file = TestingLake.dataFile(table, "f" + names++);
    files.add(file);
    return file;
  }

  private DataFile any() {
    return files.remove(random.nextInt(files.size()));
  }

  @Override
  public String toString() {
    return done.toString();
  }
}
