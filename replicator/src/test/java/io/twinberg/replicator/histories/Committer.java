package io.twinberg.replicator.histories;

import com.google.common.util.concurrent.MoreExecutors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.GenericBlobMetadata;
import org.apache.iceberg.GenericStatisticsFile;
import org.apache.iceberg.ImmutableGenericPartitionStatisticsFile;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.puffin.StandardBlobTypes;
import org.apache.iceberg.types.Types;

/** Carries operations out; what Iceberg refuses in the table's state has no effect. */
final class Committer {
  /** Iceberg looks at what its own threads have done every 10 ms only. */
  private static final ExecutorService HERE = MoreExecutors.newDirectExecutorService();

  private final HistoryTable history;
  private final Table table;
  private final Rows rows;
  private final Deletes deletes;
  private int names;

  Committer(HistoryTable history) {
    this.history = history;
    this.table = history.table;
    this.rows = history.rows;
    this.deletes = new Deletes(table);
  }

  /** Commits; false if Iceberg refused. */
  boolean commit(Operation operation) {
    try {
      table.refresh();
      carryOut(operation.kind(), Operation.random(operation.seed()));
      return true;
    } catch (RuntimeException refused) {
      return false;
    }
  }

  private void carryOut(Operation.Kind kind, Random random) {
    switch (kind) {
      case APPEND -> append(random);
      case OVERWRITE ->
          here(table.newOverwrite())
              .deleteFile(anyFile(random))
              .addFile(rows.file(random))
              .commit();
      case DELETE -> here(table.newDelete()).deleteFile(anyFile(random)).commit();
      case EQUALITY_DELETE ->
          here(table.newRowDelta())
              .addDeletes(deletes.equality(anyFile(random), random.nextInt(6)))
              .commit();
      case POSITION_DELETE -> deletePosition(anyFile(random));
      case COMPACT -> compact(random);
      case REWRITE_MANIFESTS ->
          table.rewriteManifests().clusterBy(file -> file.location().hashCode() & 1).commit();
      case STAGE -> here(table.newAppend()).appendFile(rows.file(random)).stageOnly().commit();
      case CHERRY_PICK -> table.manageSnapshots().cherrypick(anySnapshot(random)).commit();
      case ROLLBACK -> table.manageSnapshots().rollbackTo(anySnapshot(random)).commit();
      case SET_CURRENT -> table.manageSnapshots().setCurrentSnapshot(anySnapshot(random)).commit();
      case BRANCH -> table.manageSnapshots().createBranch(name("b"), anySnapshot(random)).commit();
      case TAG -> table.manageSnapshots().createTag(name("t"), anySnapshot(random)).commit();
      case BRANCH_WRITE ->
          here(table.newAppend())
              .appendFile(rows.file(random))
              .toBranch(anyBranch(random))
              .commit();
      case FAST_FORWARD ->
          table.manageSnapshots().fastForwardBranch("main", anyBranch(random)).commit();
      case REPLACE_REF -> replaceRef(random);
      case REMOVE_REF -> removeRef(random);
      case EXPIRE -> expire(1 + random.nextInt(3), random.nextBoolean());
      case EXPIRE_ALL -> expireAll();
      case DELETE_ALL ->
          here(table.newDelete()).deleteFromRowFilter(Expressions.alwaysTrue()).commit();
      case COLUMN -> addOrDropColumn();
      case RENAME -> table.updateSchema().renameColumn(newestColumn(), name("r")).commit();
      case SPEC -> evolveSpec(random);
      case SORT_ORDER -> sort(random);
      case PROPERTIES -> setProperty(random);
      case REPLACE_TABLE -> replaceTable(random);
      case UPGRADE -> upgrade();
      case SET_LOCATION ->
          table.updateLocation().setLocation(HistoryLake.WAREHOUSE + "/" + name("moved")).commit();
      case STATISTICS -> setStatistics(anySnapshot(random));
      case REMOVE_STATISTICS ->
          table.updateStatistics().removeStatistics(anySnapshot(random)).commit();
      case ADD_FILES ->
          here(table.newAppend())
              .appendFile(rows.file(random, "mem://other/foreign/" + name("f") + ".avro"))
              .commit();
      case SYNC -> throw new IllegalStateException("not a commit");
    }
  }

  private static <T extends SnapshotUpdate<T>> T here(T update) {
    return update.scanManifestsWith(HERE);
  }

  private void append(Random random) {
    var append = here(random.nextBoolean() ? table.newAppend() : table.newFastAppend());
    for (int i = 0; i <= random.nextInt(3); i++) {
      append.appendFile(rows.file(random));
    }
    append.commit();
  }

  private void deletePosition(DataFile file) {
    RowDelta delta = here(table.newRowDelta());
    deletes.position(file, history.current().formatVersion()).forEach(delta::addDeletes);
    delta.commit();
  }

  /** Rewrites a file under its own sequence number, as engines do by default. */
  private void compact(Random random) {
    DataFile file = anyFile(random);
    if (file.specId() != table.spec().specId()) {
      throw new IllegalArgumentException("cannot be written with the current spec alone");
    }
    String path = file.location().replace(".avro", name("-c") + ".avro");
    copy(file.location(), path);
    var rewrite = here(table.newRewrite());
    rewrite.deleteFile(file);
    rewrite.addFile(
        org.apache.iceberg.DataFiles.builder(table.spec()).copy(file).withPath(path).build());
    if (history.current().formatVersion() > 1 && random.nextBoolean()) {
      rewrite.dataSequenceNumber(table.currentSnapshot().sequenceNumber());
    }
    rewrite.commit();
  }

  private void copy(String from, String to) {
    history.lake.store.copy(from, to, 0);
  }

  private void replaceRef(Random random) {
    String ref = anyOtherRef(random);
    var manage = table.manageSnapshots();
    if (table.refs().get(ref).isBranch()) {
      manage.replaceBranch(ref, anySnapshot(random)).commit();
    } else {
      manage.replaceTag(ref, anySnapshot(random)).commit();
    }
  }

  private void removeRef(Random random) {
    String ref = anyOtherRef(random);
    var manage = table.manageSnapshots();
    if (table.refs().get(ref).isBranch()) {
      manage.removeBranch(ref).commit();
    } else {
      manage.removeTag(ref).commit();
    }
  }

  /** Leaves as little as possible, so that ids of schemas and specs come free. */
  private void expireAll() {
    var manage = table.manageSnapshots();
    table
        .refs()
        .forEach(
            (name, ref) -> {
              if (ref.isTag()) {
                manage.removeTag(name);
              } else if (!name.equals(SnapshotRef.MAIN_BRANCH)) {
                manage.removeBranch(name);
              }
            });
    manage.commit();
    expire(1, true);
  }

  /** Removes the files of expired snapshots too, as engines do. */
  private void expire(int retainLast, boolean cleanMetadata) {
    table
        .expireSnapshots()
        .expireOlderThan(Long.MAX_VALUE)
        .retainLast(retainLast)
        .cleanExpiredMetadata(cleanMetadata)
        .planWith(HERE)
        .executeDeleteWith(HERE)
        .commit();
  }

  // Adding a column and dropping it again frees the highest schema id, which then comes back with
  // another meaning. So do specs.
  private void addOrDropColumn() {
    if (HistoryTable.SCHEMA.findField(newestColumn()) == null) {
      table.updateSchema().deleteColumn(newestColumn()).commit();
    } else {
      table.updateSchema().addColumn(name("c"), Types.LongType.get()).commit();
    }
  }

  private String newestColumn() {
    List<Types.NestedField> columns = table.schema().columns();
    return columns.get(columns.size() - 1).name();
  }

  private void evolveSpec(Random random) {
    if (table.spec().fields().stream().allMatch(field -> field.transform().isVoid())) {
      var update = table.updateSpec();
      switch (random.nextInt(3)) {
        case 0 -> update.addField(Expressions.bucket("id", 2 + random.nextInt(20)));
        case 1 -> update.addField(Expressions.truncate("name", 1 + random.nextInt(9)));
        default -> update.addField("id");
      }
      update.commit();
    } else {
      String field =
          table.spec().fields().stream()
              .filter(f -> !f.transform().isVoid())
              .findFirst()
              .orElseThrow()
              .name();
      table.updateSpec().removeField(field).commit();
    }
  }

  private void sort(Random random) {
    if (random.nextBoolean()) {
      table.replaceSortOrder().asc("id").commit();
    } else {
      table.replaceSortOrder().desc("id").commit();
    }
  }

  private void setProperty(Random random) {
    var update = table.updateProperties();
    switch (random.nextInt(4)) {
      case 0 -> update.set("write.data.path", HistoryLake.WAREHOUSE + "/" + name("data") + "/");
      case 1 -> update.remove("write.data.path");
      case 2 -> update.set("write.metadata.previous-versions-max", "" + (1 + random.nextInt(9)));
      default -> update.set("owner", name("o"));
    }
    update.commit();
  }

  private void replaceTable(Random random) {
    Schema schema =
        new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "name", Types.StringType.get()),
            Types.NestedField.optional(3, "n", Types.LongType.get()),
            Types.NestedField.optional(4, name("z"), Types.LongType.get()));
    var replace =
        history
            .catalog
            .buildTable(
                HistoryLake.name(table), random.nextBoolean() ? schema : HistoryTable.SCHEMA)
            .withLocation(table.location())
            .replaceTransaction();
    if (random.nextBoolean()) {
      replace
          .newAppend()
          .appendFile(
              new Rows(replace.table())
                  .file(random, table.location() + "/data/" + name("r") + ".avro"))
          .commit();
    }
    replace.commitTransaction();
  }

  private void upgrade() {
    int version = history.current().formatVersion();
    table
        .updateProperties()
        .set("format-version", String.valueOf(Math.min(3, version + 1)))
        .commit();
  }

  private void setStatistics(long snapshot) {
    String path = table.location() + "/metadata/" + name("stats");
    write(path + ".puffin");
    write(path + ".parquet");
    int length = path.length() + ".puffin".length();
    var blob =
        new GenericBlobMetadata(
            StandardBlobTypes.APACHE_DATASKETCHES_THETA_V1, snapshot, 1, List.of(1), Map.of());
    table
        .updateStatistics()
        .setStatistics(
            new GenericStatisticsFile(snapshot, path + ".puffin", length, 7, List.of(blob)))
        .commit();
    table
        .updatePartitionStatistics()
        .setPartitionStatistics(
            ImmutableGenericPartitionStatisticsFile.builder()
                .snapshotId(snapshot)
                .path(path + ".parquet")
                .fileSizeInBytes(length + 1L)
                .build())
        .commit();
  }

  private void write(String path) {
    history.lake.store.put(path, path.getBytes(StandardCharsets.UTF_8));
  }

  private DataFile anyFile(Random random) {
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      tasks.forEach(task -> files.add(task.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return any(
        files.stream().sorted(java.util.Comparator.comparing(DataFile::location)).toList(), random);
  }

  private long anySnapshot(Random random) {
    List<Long> ids = new ArrayList<>();
    for (Snapshot snapshot : table.snapshots()) {
      ids.add(snapshot.snapshotId());
    }
    return any(ids, random);
  }

  private String anyOtherRef(Random random) {
    List<String> refs = new ArrayList<>(new TreeSet<>(table.refs().keySet()));
    refs.remove(SnapshotRef.MAIN_BRANCH);
    return any(refs, random);
  }

  private String anyBranch(Random random) {
    return any(
        table.refs().keySet().stream()
            .filter(name -> table.refs().get(name).isBranch())
            .sorted()
            .toList(),
        random);
  }

  private static <T> T any(List<T> items, Random random) {
    if (items.isEmpty()) {
      throw new IllegalArgumentException("nothing to draw from");
    }
    return items.get(random.nextInt(items.size()));
  }

  private String name(String kind) {
    return kind + names++;
  }
}
