package io.twinberg.replicator.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.RowScope;
import io.twinberg.replicator.Replicator;
import io.twinberg.replicator.TestingLake;
import io.twinberg.replicator.verify.Violation.Kind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One replica of three snapshots, damaged in each way in turn. */
@TestInstance(Lifecycle.PER_CLASS)
class DamagedReplicaTest {
  /** A build damages the same places every time, the nightly run others. */
  private static final long SEED = Long.getLong("seed", 1);

  /** How many bytes of each file are changed, one at a time. */
  private static final int FLIPS = Integer.getInteger("flips", 6);

  private static final Pattern EMPTY_LIST = Pattern.compile("\"[a-z-]+\":\\[\\]");

  private final Random random = new Random(SEED);
  private TestingLake lake;
  private TableMetadata replica;
  private Subject subject;

  @BeforeAll
  void replicate(@TempDir Path folder) {
    System.out.println("DamagedReplicaTest seed=" + SEED);
    lake = new TestingLake(folder);
    Table table = lake.create("2");
    append(table, VerifiedLake.rows(table, FileFormat.PARQUET, "a", 1, 2, 3));
    append(table, VerifiedLake.rows(table, FileFormat.AVRO, "b", 4, 5));
    append(table, VerifiedLake.rows(table, FileFormat.ORC, "c", 6));
    table.manageSnapshots().createTag("first", table.history().get(0).snapshotId()).commit();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replica = lake.sync(replicator, table);
    }
    subject = VerifiedLake.subject(lake, TestingLake.EVENTS);
  }

  private static void append(Table table, DataFile file) {
    table.newAppend().appendFile(file).commit();
  }

  @AfterAll
  void close() {
    lake.close();
  }

  private String list() {
    return replica.currentSnapshot().manifestListLocation();
  }

  private ManifestFile manifest() {
    return replica.currentSnapshot().allManifests(lake.io()).get(0);
  }

  private String dataFile() throws Exception {
    try (ManifestReader<DataFile> files =
        ManifestFiles.read(manifest(), lake.io(), replica.specsById())) {
      return files.iterator().next().location();
    }
  }

  private VerifyReport damaged(String location, UnaryOperator<byte[]> change) {
    return VerifiedLake.damaged(subject, RowScope.CURRENT, location, change);
  }

  private static UnaryOperator<byte[]> replacing(String old, String other) {
    return bytes -> {
      String text = new String(bytes, UTF_8);
      assertThat(text).contains(old);
      return text.replace(old, other).getBytes(UTF_8);
    };
  }

  @Test
  void replica_undamaged_isClean() {
    VerifyReport report = VerifiedLake.verify(subject, RowScope.ALL);

    assertThat(report.violations()).isEmpty();
    assertThat(report.notCompared()).isEmpty();
    assertThat(report.counts())
        .containsEntry(Checked.SNAPSHOTS, 3L)
        .containsEntry(Checked.SNAPSHOTS_COMPARED, 3L)
        .containsEntry(Checked.MANIFESTS, 3L)
        .containsEntry(Checked.MANIFESTS_COMPARED, 3L)
        .containsEntry(Checked.DATA_FILES, 3L)
        .containsEntry(Checked.ROW_COMPARISONS, 3L)
        .containsEntry(Checked.ROWS, 3L + 5 + 6);
    assertThat(report.rows()).extracting(RowResult::rows).containsExactly(3L, 5L, 6L);
    assertThat(report.notes()).isEmpty();
  }

  /** What Nessie answers has more properties than its files, and the replica has all of them. */
  @ParameterizedTest
  @CsvSource({"nessie.commit.id, 0", "commit.id, 1"})
  void property_thatTheSourcesFileLacks_isFoundUnlessNessieAddsIt(String key, int violations) {
    VerifyReport report =
        damaged(
            subject.metadataLocation(),
            replacing("\"properties\":{", "\"properties\":{\"" + key + "\":\"x\","));

    assertThat(report.violations()).hasSize(violations);
  }

  /** Not all bytes tell: whether a list is compressed into these or other bytes is no matter. */
  @Test
  void metadata_anyDigitOrLetterChanged_isFound() {
    for (int i = 0; i < FLIPS; i++) {
      int[] at = new int[1];
      String[] around = new String[1];
      VerifyReport report =
          VerifiedLake.damaged(
              subject,
              RowScope.NONE,
              subject.metadataLocation(),
              bytes -> {
                do {
                  at[0] = random.nextInt(bytes.length);
                } while (!Character.isLetterOrDigit(bytes[at[0]]) || saysNothing(bytes, at[0]));
                bytes[at[0]] = (byte) (bytes[at[0]] == '1' ? '2' : '1');
                around[0] = around(bytes, at[0]);
                return bytes;
              });
      assertThat(report.violations()).as("%s, seed %d", around[0], SEED).isNotEmpty();
    }
  }

  private static String around(byte[] bytes, int position) {
    int from = Math.max(0, position - 30);
    return new String(bytes, from, Math.min(60, bytes.length - from), UTF_8);
  }

  /**
   * An empty list by another name says the same; and when the replica's own earlier files were
   * written is known to nobody else.
   */
  private static boolean saysNothing(byte[] metadata, int position) {
    String text = new String(metadata, UTF_8);
    int log = text.indexOf("\"metadata-log\"");
    return (position > log && position < text.indexOf(']', log))
        || EMPTY_LIST
            .matcher(text)
            .results()
            .anyMatch(list -> list.start() <= position && position < list.end());
  }

  @Test
  void manifestList_anyByteChanged_isFoundUnlessItMeansTheSame() {
    assertFlipsFound(list());
  }

  @Test
  void manifest_anyByteChanged_isFoundUnlessItMeansTheSame() {
    assertFlipsFound(manifest().path());
  }

  private void assertFlipsFound(String location) {
    int silent = 0;
    for (int i = 0; i < FLIPS; i++) {
      VerifyReport report =
          VerifiedLake.damaged(
              subject,
              RowScope.NONE,
              location,
              bytes -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                return bytes;
              });
      silent += report.clean() ? 1 : 0;
    }
    // Deflate has bits that no reader looks at, such as those behind the end of a block.
    assertThat(silent).as("seed %d", SEED).isLessThanOrEqualTo(2);
  }

  @Test
  void metadata_thatIsNoJson_isUnreadable() {
    assertKinds(damaged(subject.metadataLocation(), bytes -> Arrays.copyOf(bytes, 100)))
        .containsExactly(Kind.METADATA_UNREADABLE);
  }

  @Test
  void dataFile_missing_isFound() throws Exception {
    assertKinds(damaged(dataFile(), bytes -> new byte[0]))
        .contains(Kind.FILE_MISSING, Kind.UNREADABLE);
  }

  @Test
  void dataFile_shortened_isFound() throws Exception {
    VerifyReport report = damaged(dataFile(), bytes -> Arrays.copyOf(bytes, bytes.length - 7));
    assertKinds(report).contains(Kind.LENGTH_DIFFERS);
    assertThat(report.violations())
        .anySatisfy(
            one -> {
              assertThat(one.path()).endsWith("c.orc");
              assertThat(one.expected()).contains("bytes, as ");
            });
  }

  @Test
  void dataFile_swappedForOneOfTheSameLength_isFoundByItsRows() throws Exception {
    Table table = lake.catalog().loadTable(TestingLake.EVENTS);
    DataFile other = VerifiedLake.rows(table, FileFormat.AVRO, "other", 4, 8);
    byte[] swapped = lake.store().open(other.location()).readAllBytes();
    String original = subject.folder() + "/data/b.avro";
    assertThat(lake.store().length(original)).hasValue(swapped.length);

    assertKinds(VerifiedLake.damaged(subject, RowScope.NONE, original, bytes -> swapped)).isEmpty();
    VerifyReport report = damaged(original, bytes -> swapped);
    assertKinds(report).containsExactly(Kind.ROWS_DIFFER);
  }

  @Test
  void snapshot_missing_isFound() {
    String json = "\"snapshot-id\":" + replica.snapshots().get(1).snapshotId();
    VerifyReport report =
        damaged(
            subject.metadataLocation(),
            bytes -> {
              String text = new String(bytes, UTF_8);
              int start = text.lastIndexOf('{', text.indexOf(json, text.indexOf("\"snapshots\"")));
              int end = text.indexOf("},{", text.indexOf("manifest-list", start)) + 2;
              return (text.substring(0, start) + text.substring(end)).getBytes(UTF_8);
            });
    assertKinds(report).contains(Kind.SNAPSHOT_MISSING);
  }

  @Test
  void path_outsideTheRoot_isFound() {
    String outside = replica.snapshots().get(0).manifestListLocation();
    VerifyReport report =
        damaged(
            subject.metadataLocation(),
            replacing(outside, outside.replace(subject.folder(), lake.root() + "/elsewhere")));
    assertKinds(report).containsExactly(Kind.OUTSIDE_ROOT);
  }

  @Test
  void source_gone_structureIsStillCheckedAndNothingElseIsWrong() throws Exception {
    Subject lost = subject;
    Subject elsewhere =
        new Subject(
            lost.replicaId(),
            lost.destination(),
            lost.kind(),
            lost.table(),
            lost.folder(),
            lost.position(),
            lost.metadataLocation(),
            lost.folder() + "/nowhere.metadata.json",
            lost.historyThrough(),
            lost.store(),
            lost.refs(),
            lost.retention(),
            lost.origin());

    VerifyReport report = VerifiedLake.verify(elsewhere, RowScope.ALL);
    assertThat(report.violations()).isEmpty();
    assertThat(report.notCompared())
        .singleElement()
        .extracting(NotCompared::reason)
        .asString()
        .contains("deleted");
    assertKinds(VerifiedLake.damaged(elsewhere, RowScope.NONE, dataFile(), bytes -> new byte[0]))
        .containsExactly(Kind.FILE_MISSING);
  }

  private static org.assertj.core.api.ListAssert<Kind> assertKinds(VerifyReport report) {
    return assertThat(report.violations().stream().map(Violation::kind).toList());
  }
}
