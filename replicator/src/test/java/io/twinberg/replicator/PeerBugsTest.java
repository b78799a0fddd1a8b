package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replicator.rewrite.ManifestTranscoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFixtures;
import org.apache.iceberg.ManifestFixtures.Written;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.parquet.Parquet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong with Iceberg's own path rewriting, of which the reports name numbers, goes right
 * here. Each test shows the same table to both. Where theirs comes out right one day, its test
 * fails and says so.
 */
class PeerBugsTest {
  private static final String PEER = "s3://peer/orders";

  @TempDir Path folder;

  private TestingLake lake;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  /** A compaction keeps the sequence number of what it compacts, so that deletes still apply. */
  @Test
  void compactedFile_olderThanAnEqualityDelete_isStillDeletedFrom() throws IOException {
    Table table = lake.create("2");
    lake.append(table, "small");
    long before = table.currentSnapshot().sequenceNumber();
    DataFile small = only(table);
    table.newRowDelta().addDeletes(equalityDelete(table)).commit();
    table
        .newRewrite()
        .deleteFile(small)
        .addFile(TestingLake.dataFile(table, "large"))
        .dataSequenceNumber(before)
        .commit();

    assertThat(deletes(table)).isEqualTo(Map.of("large", 1));
    assertThat(deletes(replicaOf(table))).isEqualTo(Map.of("large", 1));
    assertThat(deletes(PathRewriting.copyOf(lake, table)))
        .as("theirs: deleted rows come back")
        .isEqualTo(Map.of("large", 0));
  }

  /** Manifests of upgraded tables mix files with row ids of their own and files without. */
  @Test
  void rowIds_inManifestThatMixesFilesWithAndWithout_areKept() throws IOException {
    Written manifest = ManifestFixtures.manifest(3, "two", "gzip", 200, 7);
    List<Long> ids = ManifestFixtures.rowIds(manifest, manifest.bytes());
    assertThat(ids).hasSizeGreaterThan(100).doesNotContainNull();

    ByteArrayOutputStream ours = new ByteArrayOutputStream();
    new ManifestTranscoder(path -> path.replace(ManifestFixtures.SOURCE, PEER))
        .transcode(new ByteArrayInputStream(manifest.bytes()), ours, (entry, target) -> {});
    assertThat(ManifestFixtures.rowIds(manifest, ours.toByteArray())).isEqualTo(ids);
    byte[] theirs = ManifestFixtures.copyWithRewriteTablePath(manifest, PEER);
    assertThat(ManifestFixtures.rowIds(manifest, theirs)).as("theirs: ids move").isNotEqualTo(ids);
  }

  /** Format version 2 lets a position delete name its data file in field 143. */
  @Test
  void positionDelete_thatNamesItsDataFile_stillApplies() throws IOException {
    Table table = lake.create("2");
    lake.append(table, "a");
    table.newRowDelta().addDeletes(positionDelete(table, only(table), true)).commit();

    assertThat(deletes(table)).isEqualTo(Map.of("a", 1));
    assertThat(deletes(replicaOf(table))).isEqualTo(Map.of("a", 1));
    assertThat(deletes(PathRewriting.copyOf(lake, table)))
        .as("theirs: it keeps the name of the source's file")
        .isEqualTo(Map.of("a", 0));
  }

  /** #16662, #17498: a manifest remembers delete files that are gone. */
  @Test
  void removedDeleteFile_whoseBytesAreGone_isNotAskedFor() throws IOException {
    Table table = lake.create("2");
    lake.append(table, "a", "b");
    DeleteFile delete = positionDelete(table, first(table), false);
    table.newRowDelta().addDeletes(delete).commit();
    table.newRewrite().deleteFile(delete).commit();
    table
        .expireSnapshots()
        .expireSnapshotId(table.currentSnapshot().parentId())
        .cleanupLevel(ExpireSnapshots.CleanupLevel.ALL)
        .commit();
    assertThat(lake.io().newInputFile(delete.location()).exists()).isFalse();

    ReplicaChecks.assertEqual(lake, table, replicated(table));
    ManifestFile manifest = table.currentSnapshot().deleteManifests(lake.io()).get(0);
    assertThat(theirs(table).deletes(manifest).toRewrite())
        .as("theirs: the file that is gone is to be rewritten")
        .extracting(DeleteFile::location)
        .containsExactly(delete.location());
  }

  /** #14458: the snapshot that added a live file has expired. */
  @Test
  void liveFile_whoseSnapshotExpired_isCopied() {
    Table table = lake.create("2");
    lake.append(table, "a", "b");
    table.rewriteManifests().clusterBy(file -> "one").commit();
    table.expireSnapshots().expireSnapshotId(table.currentSnapshot().parentId()).commit();

    ReplicaChecks.assertEqual(lake, table, replicated(table));
    Table copy = PathRewriting.copyOf(lake, table);
    assertThat(PathRewriting.scanned(copy, task -> exists(task.file())))
        .as("theirs: live files are missing")
        .isEqualTo(Map.of("a", false, "b", false));
  }

  /** Version 1 allows snapshots that list their manifests themselves. */
  @Test
  void snapshotWithInlineManifests_isReplicated() throws IOException {
    Table table = lake.create("1");
    lake.append(table, "a");
    lake.append(table, "b");
    lake.pointCatalogTo(InlineManifests.of(table, lake.io()));

    ReplicaChecks.assertEqual(lake, table, replicated(table));
    assertThatThrownBy(() -> PathRewriting.copyOf(lake, table))
        .as("theirs")
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void snapshotFromBeforeTheUpgradeToVersion3_isReplicated() {
    Table table = lake.create("2");
    lake.append(table, "a");
    table.updateProperties().set("format-version", "3").commit();

    ReplicaChecks.assertEqual(lake, table, replicated(table));
    assertThatThrownBy(() -> PathRewriting.copyOf(lake, table))
        .as("theirs")
        .isInstanceOf(NullPointerException.class);
  }

  /** #17794, #14318: data outside the table's own folder. */
  @Test
  void fileOutsideTheTablesFolder_isReplicated() throws IOException {
    Table table = lake.create("2");
    lake.append(table, "a");
    table.newAppend().appendFile(fileIn(table, table.location() + "_elsewhere", "b")).commit();

    ReplicaChecks.assertEqual(lake, table, replicated(table));
    assertThatThrownBy(() -> PathRewriting.copyOf(lake, table))
        .as("theirs")
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** #14814: files of one name in two folders. */
  @Test
  void filesOfOneName_inTwoFolders_areBothReplicated() throws IOException {
    Table table = lake.create("2");
    table
        .newAppend()
        .appendFile(fileIn(table, table.location() + "/data/x", "same"))
        .appendFile(fileIn(table, table.location() + "/data/y", "same"))
        .commit();

    ReplicaChecks.assertEqual(lake, table, replicated(table));
  }

  /** A manifest list that cannot be read is no empty one. */
  @Test
  void damagedManifestList_failsTheReplica() throws IOException {
    Table table = lake.create("2");
    lake.append(table, "a");
    String list = table.currentSnapshot().manifestListLocation();
    Files.writeString(Path.of(list.substring("file:".length())), "not Avro");

    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(
          () ->
              lake.replicas()
                  .byName("eu", TestingLake.EVENTS)
                  .flatMap(replica -> replica.failure())
                  .isPresent());
    }
    assertThat(lake.replica().metadataLocation()).isEmpty();
    assertThat(lake.replica().failure().orElseThrow().code()).isEqualTo("CORRUPT");

    PathRewriting theirs = theirs(table);
    Snapshot fresh =
        TableMetadataParser.read(lake.io(), TestingLake.current(table).metadataFileLocation())
            .currentSnapshot(); // which has not read its list yet
    theirs.rewriteList(fresh);
    assertThat(lake.io().newInputFile(theirs.targetOf(list)).exists())
        .as("theirs: an empty list, and success")
        .isTrue();
  }

  /** #13719: lengths of manifests that an earlier run has rewritten. */
  @Test
  void lengthsOfManifests_writtenByEarlierRuns_areRight() {
    Table table = lake.create("2");
    lake.append(table, "a");
    lake.append(table, "b");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      lake.append(table, "c");
      ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
    }

    Snapshot current = table.currentSnapshot();
    PathRewriting earlier = theirs(table);
    earlier.rewriteManifests(current);
    PathRewriting later = theirs(table);
    later.rewriteList(current);
    ManifestFile listed = later.published().currentSnapshot().allManifests(lake.io()).get(0);
    assertThat(listed.length())
        .as("theirs: the list of a later run has the source's lengths")
        .isNotEqualTo(lake.io().newInputFile(listed.path()).getLength());
  }

  private PathRewriting theirs(Table table) {
    return new PathRewriting(lake.io(), TestingLake.current(table), PathRewriting.targetOf(table));
  }

  private TableMetadata replicated(Table table) {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      return lake.sync(replicator, table);
    }
  }

  private Table replicaOf(Table table) {
    TableMetadata replica = replicated(table);
    return new BaseTable(new StaticTableOperations(replica, lake.io()), "replica");
  }

  private static Map<String, Integer> deletes(Table table) {
    return PathRewriting.scanned(table, task -> task.deletes().size());
  }

  private boolean exists(DataFile file) {
    return lake.io().newInputFile(file.location()).exists();
  }

  private static DataFile only(Table table) {
    List<DataFile> files =
        List.copyOf(PathRewriting.scanned(table, task -> task.file().copy()).values());
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  private static DataFile first(Table table) {
    return PathRewriting.scanned(table, task -> task.file().copy()).values().iterator().next();
  }

  private static DataFile fileIn(Table table, String folder, String name) throws IOException {
    DataFile like = TestingLake.dataFile(table, name);
    String path = folder + "/" + name + ".parquet";
    try (OutputStream out = table.io().newOutputFile(path).createOrOverwrite()) {
      out.write(("rows of " + name).getBytes(StandardCharsets.UTF_8));
    }
    return DataFiles.builder(table.spec()).copy(like).withPath(path).build();
  }

  private static DeleteFile equalityDelete(Table table) throws IOException {
    String path = table.location() + "/data/eq.parquet";
    byte[] bytes = "deleted ids".getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = table.io().newOutputFile(path).createOrOverwrite()) {
      out.write(bytes);
    }
    return FileMetadata.deleteFileBuilder(table.spec())
        .ofEqualityDeletes(1)
        .withPath(path)
        .withFormat("parquet")
        .withFileSizeInBytes(bytes.length)
        .withRecordCount(1)
        .build();
  }

  private static DeleteFile positionDelete(Table table, DataFile of, boolean named)
      throws IOException {
    PositionDeleteWriter<Object> writer =
        Parquet.writeDeletes(table.io().newOutputFile(table.location() + "/data/pos.parquet"))
            .createWriterFunc(GenericParquetWriter::create)
            .overwrite()
            .withSpec(PartitionSpec.unpartitioned())
            .buildPositionWriter();
    try (writer) {
      writer.write(PositionDelete.create().set(of.location(), 0));
    }
    FileMetadata.Builder delete =
        FileMetadata.deleteFileBuilder(table.spec()).copy(writer.toDeleteFile());
    return named ? delete.withReferencedDataFile(of.location()).build() : delete.build();
  }
}
