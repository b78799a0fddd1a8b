package io.twinberg.replicator.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.iceberg.GenericBlobMetadata;
import org.apache.iceberg.GenericStatisticsFile;
import org.apache.iceberg.ImmutableGenericPartitionStatisticsFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.puffin.StandardBlobTypes;
import org.apache.iceberg.types.Types;

/** Random commits on a source table; what Iceberg rejects is tried otherwise next time. */
final class RandomHistory {
  private final SourceTable source;
  private final Random random;
  private int names;

  RandomHistory(SourceTable source, Random random) {
    this.source = source;
    this.random = random;
  }

  /** One commit; false if Iceberg rejected what was drawn. */
  boolean commit() {
    try {
      draw();
      return true;
    } catch (ValidationException | IllegalArgumentException e) {
      return false;
    }
  }

  private void draw() {
    switch (random.nextInt(30)) {
      case 0, 1, 2, 3, 4 -> source.append();
      case 5 -> source.stage();
      case 6 -> source.table().manageSnapshots().rollbackTo(anySnapshot()).commit();
      case 7 -> source.table().manageSnapshots().setCurrentSnapshot(anySnapshot()).commit();
      case 8, 9 -> source.table().manageSnapshots().cherrypick(anySnapshot()).commit();
      case 10 -> source.table().manageSnapshots().createBranch(name("b"), anySnapshot()).commit();
      case 11 -> source.table().manageSnapshots().createTag(name("tag"), anySnapshot()).commit();
      case 12 ->
          source.table().newAppend().appendFile(source.file()).toBranch(anyBranch()).commit();
      case 13 -> source.table().manageSnapshots().fastForwardBranch("main", anyBranch()).commit();
      case 14, 27, 28 -> removeRef();
      case 15, 16, 25, 26 -> source.expire(1 + random.nextInt(3));
      case 17, 18, 23, 24 -> evolveSchema();
      case 19 -> evolveSpec();
      case 20 -> replaceTable();
      case 21, 29 -> setStatistics(anySnapshot());
      case 22 -> source.table().updateStatistics().removeStatistics(anySnapshot()).commit();
      default -> setProperty();
    }
  }

  // Adding a column and dropping it again frees the highest schema id, which then comes back with
  // another meaning.
  private void evolveSchema() {
    int draw = random.nextInt(10);
    var columns = source.table().schema().columns();
    String newest = columns.get(columns.size() - 1).name();
    if (draw < 8 && newest.startsWith("c")) {
      source.table().updateSchema().deleteColumn(newest).commit();
    } else if (draw < 8) {
      source.table().updateSchema().addColumn(name("c"), Types.LongType.get()).commit();
    } else if (draw == 8) {
      source.table().updateSchema().deleteColumn(anyColumn()).commit();
    } else {
      source.table().updateSchema().renameColumn(anyColumn(), name("r")).commit();
    }
  }

  private void evolveSpec() {
    if (source.table().spec().isUnpartitioned()) {
      int width = 2 + random.nextInt(20);
      source.table().updateSpec().addField(Expressions.bucket("id", width)).commit();
    } else {
      String field = source.table().spec().fields().get(0).name();
      source.table().updateSpec().removeField(field).commit();
    }
  }

  private void replaceTable() {
    Schema schema =
        new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, name("n"), Types.StringType.get()));
    source.replace(schema);
  }

  private void setStatistics(long snapshot) {
    String path = source.table().location() + "/metadata/" + name("stats");
    var blob =
        new GenericBlobMetadata(
            StandardBlobTypes.APACHE_DATASKETCHES_THETA_V1, snapshot, 1, List.of(1), Map.of());
    source
        .table()
        .updateStatistics()
        .setStatistics(new GenericStatisticsFile(snapshot, path + ".puffin", 42, 7, List.of(blob)))
        .commit();
    source
        .table()
        .updatePartitionStatistics()
        .setPartitionStatistics(
            ImmutableGenericPartitionStatisticsFile.builder()
                .snapshotId(snapshot)
                .path(path + ".parquet")
                .fileSizeInBytes(43)
                .build())
        .commit();
  }

  private void setProperty() {
    var update = source.table().updateProperties();
    switch (random.nextInt(4)) {
      case 0 ->
          update.set("write.data.path", SourceTable.WAREHOUSE + "/elsewhere/" + name("d") + "/");
      case 1 -> update.remove("write.data.path");
      case 2 -> update.set("write.metadata.previous-versions-max", "" + (1 + random.nextInt(9)));
      default -> update.set("format-version", "3");
    }
    update.commit();
  }

  private void removeRef() {
    List<String> refs = refs();
    refs.remove(SnapshotRef.MAIN_BRANCH);
    String ref = any(refs);
    var manage = source.table().manageSnapshots();
    if (source.table().refs().get(ref).isBranch()) {
      manage.removeBranch(ref).commit();
    } else {
      manage.removeTag(ref).commit();
    }
  }

  private List<String> refs() {
    return new ArrayList<>(new TreeSet<>(source.table().refs().keySet()));
  }

  private String anyBranch() {
    var refs = source.table().refs();
    return any(refs().stream().filter(name -> refs.get(name).isBranch()).sorted().toList());
  }

  private String anyColumn() {
    var columns = source.table().schema().columns();
    return any(columns.subList(1, columns.size())).name();
  }

  private long anySnapshot() {
    return any(source.snapshotIds());
  }

  private <T> T any(List<T> items) {
    if (items.isEmpty()) {
      throw new IllegalArgumentException("nothing to draw from");
    }
    return items.get(random.nextInt(items.size()));
  }

  private String name(String kind) {
    return kind + names++;
  }
}
