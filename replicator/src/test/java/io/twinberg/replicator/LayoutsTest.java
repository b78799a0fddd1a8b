package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replicator.reconcile.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Wherever writers put their files, the replica holds all of them in its own folder. */
class LayoutsTest {
  @TempDir static Path folder;
  private static TestingLake lake;
  private static Replicator replicator;
  private static String foreign;

  @BeforeAll
  static void start() {
    lake = new TestingLake(folder);
    foreign = "file:" + folder.resolve("foreign");
    lake.allowedLocations("file:" + folder.resolve("lake"), "file://" + folder.resolve("foreign"));
    lake.targets((source, table) -> List.of(new Target("eu", lake.root(), table)));
    replicator = lake.replicator(CrashPoints.NONE);
  }

  @AfterAll
  static void stop() {
    replicator.close();
    lake.close();
  }

  private Table table(TestInfo test, Map<String, String> properties) {
    String name = test.getTestMethod().orElseThrow().getName();
    return lake.create(TableIdentifier.of("sales", name), "2", properties);
  }

  private static DataFile file(Table table, String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).replace(".parquet", "");
    byte[] bytes = ("rows of " + name).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = table.io().newOutputFile(path).createOrOverwrite()) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DataFiles.builder(table.spec())
        .withPath(path)
        .withFileSizeInBytes(bytes.length)
        .withRecordCount(3)
        .build();
  }

  private static void append(Table table, String... paths) {
    var append = table.newAppend();
    for (String path : paths) {
      append.appendFile(file(table, path));
    }
    append.commit();
  }

  /** Where the table's own settings put a new file. */
  private static String place(Table table, String name) {
    return table.locationProvider().newDataLocation(name + ".parquet");
  }

  private static TableMetadata replicated(Table table) {
    TableMetadata replica = lake.sync(replicator, table);
    ReplicaChecks.assertEqual(lake, table, replica);
    return replica;
  }

  private static List<String> live(TableMetadata replica) {
    return ReplicaChecks.locations(lake, replica, replica.currentSnapshot()).stream()
        .map(path -> path.substring(replica.location().length() + 1))
        .sorted()
        .toList();
  }

  @Test
  void dataPath_elsewhere_filesAndPropertyAreMapped(TestInfo test) {
    Table table = table(test, Map.of("write.data.path", foreign + "/d1"));
    append(table, place(table, "a"));
    TableMetadata replica = replicated(table);
    assertThat(live(replica)).singleElement().asString().startsWith("external/");
    assertThat(replica.property("write.data.path", ""))
        .isEqualTo(replica.location() + "/" + live(replica).get(0).replace("/a.parquet", ""));
  }

  // rewrite_table_path #15172: the path equals the prefix.
  @Test
  void dataPath_isTheTableItself_filesAndPropertyAreMapped(TestInfo test) {
    Table table = table(test, Map.of());
    table.updateProperties().set("write.data.path", table.location()).commit();
    append(table, place(table, "a"));
    TableMetadata replica = replicated(table);
    assertThat(replica.property("write.data.path", "")).startsWith(replica.location() + "/");
  }

  // rewrite_table_path #17794: metadata and data under different roots.
  @Test
  void metadataPath_elsewhere_isReadThereAndWrittenToTheReplicasOwnFolder(TestInfo test) {
    Table table = table(test, Map.of("write.metadata.path", foreign + "/m1"));
    append(table, place(table, "a"));
    TableMetadata replica = replicated(table);
    assertThat(replica.metadataFileLocation()).startsWith(replica.location() + "/metadata/");
    assertThat(replica.property("write.metadata.path", "")).startsWith(replica.location() + "/");
  }

  // rewrite_table_path #13630, #14814: equal names in different folders.
  @Test
  void objectStorage_hashedFolders_areKept(TestInfo test) {
    Table table = table(test, Map.of("write.object-storage.enabled", "true"));
    append(table, place(table, "a"), place(table, "b"));
    String path =
        ReplicaChecks.locations(lake, TestingLake.current(table), table.currentSnapshot()).get(0);
    TableMetadata replica = replicated(table);
    assertThat(live(replica)).contains(path.substring(table.location().length() + 1));
  }

  @Test
  void addFiles_foreignFolders_areKeptApart(TestInfo test) {
    Table table = table(test, Map.of());
    append(table, foreign + "/hive/day=1/part-0.parquet", foreign + "/hive/day=2/part-0.parquet");
    assertThat(live(replicated(table)))
        .hasSize(2)
        .allSatisfy(path -> assertThat(path).matches("external/[0-9a-f]{32}/part-0.parquet"));
  }

  @Test
  void location_movedHalfWay_equalNamesUnderBothAreKeptApart(TestInfo test) {
    Table table = table(test, Map.of());
    append(table, place(table, "a"));
    replicated(table);
    table.updateLocation().setLocation(table.location() + "-moved").commit();
    append(table, place(table, "a"));
    TableMetadata replica = replicated(table);
    assertThat(live(replica)).hasSize(2).contains("data/a.parquet");
    assertThat(replica.location()).isEqualTo(lake.replica(TestingLake.name(table)).folder());
  }

  // Review note of HDDS-14953: the prefix of a table must not match another one's folder.
  @Test
  void neighbour_whoseNameBeginsAlike_isForeign(TestInfo test) {
    Table table = table(test, Map.of());
    append(
        table, table.location() + "_backup/data/a.parquet", table.location() + "/data2/a.parquet");
    assertThat(live(replicated(table))).allMatch(path -> path.startsWith("external/"));
  }

  // rewrite_table_path #17521: a prefix is no pattern, and a slash at its end is none of it.
  @Test
  void location_withPatternCharactersAndSlash_isTakenLiterally(TestInfo test) {
    TableIdentifier name = TableIdentifier.of("sales", "odd");
    String location = "file:" + folder.resolve("lake") + "/odd.(+)[a]$/";
    lake.catalog().buildTable(name, TestingLake.SCHEMA).withLocation(location).create();
    Table table = lake.catalog().loadTable(name);
    append(table, place(table, "a"));
    TableMetadata replica = replicated(table);
    assertThat(live(replica)).containsExactly("data/a.parquet");
    assertThat(replica.location()).startsWith(lake.root() + "/");
  }

  // rewrite_table_path #12277: local paths in other spellings.
  @Test
  void localPaths_inEverySpelling_areReadAndKeptApart(TestInfo test) {
    Table table = table(test, Map.of());
    Path base = folder.resolve("lake").resolve("spelt");
    append(
        table,
        "file:" + base + "/1/a.parquet",
        "file://" + base + "/2/a.parquet",
        base + "/3/a.parquet");
    assertThat(live(replicated(table))).hasSize(3);
  }
}
