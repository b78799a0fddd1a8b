package io.twinberg.replicator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.RowScope;
import io.twinberg.replicator.MergeOnRead.Deleted;
import io.twinberg.replicator.verify.Checked;
import io.twinberg.replicator.verify.Subject;
import io.twinberg.replicator.verify.VerifiedLake;
import io.twinberg.replicator.verify.VerifyReport;
import io.twinberg.replicator.verify.Violation;
import io.twinberg.replicator.verify.Violation.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lost delete brings rows back; verification finds each way to lose one. */
class VerifiedDeletesTest {
  @TempDir private Path folder;

  private void replicated(
      String version,
      BiConsumer<Table, MergeOnRead> history,
      BiConsumer<TestingLake, Subject> look) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(TestingLake.EVENTS, version, Map.of());
      history.accept(table, new MergeOnRead(table));
      try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
        lake.awaitCurrent(table);
      }
      look.accept(lake, VerifiedLake.subject(lake, TestingLake.EVENTS));
    }
  }

  private static void ofPositionsAndIds(Table table, MergeOnRead mor) {
    DataFile a = mor.append("a", 1, 9);
    DataFile b = mor.append("b", 10, 19);
    mor.delete(mor.positions(FileFormat.PARQUET, "one", false, new Deleted(a, 0, 3)));
    mor.delete(
        mor.positions(FileFormat.AVRO, "two", true, new Deleted(a, 5), new Deleted(b, 0, 9)));
    mor.delete(mor.positions(FileFormat.ORC, "three", false, new Deleted(b, 4)), mor.ids("ids", 7));
  }

  private static void ofVectors(Table table, MergeOnRead mor) {
    DataFile a = mor.append("a", 1, 9);
    DataFile b = mor.append("b", 10, 19);
    mor.delete(
        mor.vectors(new Deleted(a, 0, 3), new Deleted(b, 1, 2, 8)).toArray(DeleteFile[]::new));
  }

  private static DeleteFile delete(TestingLake lake, Predicate<DeleteFile> wanted) {
    TableMetadata replica = lake.published();
    for (ManifestFile manifest : replica.currentSnapshot().deleteManifests(lake.io())) {
      try (ManifestReader<DeleteFile> files =
          ManifestFiles.readDeleteManifest(manifest, lake.io(), replica.specsById())) {
        for (DeleteFile file : files) {
          if (wanted.test(file)) {
            return file.copy();
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new IllegalStateException("no such delete file");
  }

  private static ListAssert<Kind> assertKinds(VerifyReport report) {
    return assertThat(report.violations().stream().map(Violation::kind).distinct().toList());
  }

  @Test
  void positionAndEqualityDeletes_areCleanAndMissedWhenLost() {
    replicated(
        "2",
        VerifiedDeletesTest::ofPositionsAndIds,
        (lake, subject) -> {
          VerifyReport clean = VerifiedLake.verify(subject, RowScope.ALL);
          assertThat(clean.violations()).isEmpty();
          assertThat(clean.notCompared()).isEmpty();
          assertThat(clean.counts())
              .containsEntry(Checked.DELETE_FILES, 4L)
              .containsEntry(Checked.POSITION_DELETES, 2L + 3 + 1)
              .containsEntry(Checked.MANIFESTS_COMPARED, clean.counts().get(Checked.MANIFESTS));
          assertThat(clean.rows().get(4).rows()).isEqualTo(19 - 6 - 1);

          for (FileFormat format : List.of(FileFormat.PARQUET, FileFormat.AVRO, FileFormat.ORC)) {
            String file = delete(lake, one -> one.format() == format).location();
            assertKinds(VerifiedLake.damaged(subject, RowScope.NONE, file, bytes -> new byte[0]))
                .containsExactly(Kind.FILE_MISSING);
          }
          String source = delete(lake, one -> one.location().contains("one")).location();
          byte[] unmapped =
              bytes(
                  lake,
                  lake.catalog().loadTable(TestingLake.EVENTS).location() + "/data/one.parquet");
          assertKinds(VerifiedLake.damaged(subject, RowScope.NONE, source, bytes -> unmapped))
              .contains(Kind.LENGTH_DIFFERS);
          droppedManifest(lake, subject);
        });
  }

  private static byte[] bytes(TestingLake lake, String location) {
    try (var in = lake.store().open(location)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void droppedManifest(TestingLake lake, Subject subject) {
    Snapshot current = lake.published().currentSnapshot();
    String list = current.manifestListLocation();
    VerifyReport report =
        VerifiedLake.damaged(
            subject,
            RowScope.CURRENT,
            list,
            bytes -> without(bytes, row -> Objects.equals(row.get("content"), 1)));
    assertKinds(report).contains(Kind.COUNT_DIFFERS, Kind.ROWS_DIFFER);
  }

  /** An Avro file without some of its records. */
  private static byte[] without(byte[] file, Predicate<GenericRecord> dropped) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataFileStream<GenericRecord> in =
            new DataFileStream<>(new ByteArrayInputStream(file), new GenericDatumReader<>());
        DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>())) {
      in.getMetaKeys().stream()
          .filter(key -> !key.startsWith("avro."))
          .forEach(key -> writer.setMeta(key, in.getMeta(key)));
      writer.create(in.getSchema(), out);
      for (GenericRecord row : in) {
        if (!dropped.test(row)) {
          writer.append(row);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Test
  void deletionVectors_areCleanAndEachDamageIsFound() {
    replicated(
        "3",
        VerifiedDeletesTest::ofVectors,
        (lake, subject) -> {
          VerifyReport clean = VerifiedLake.verify(subject, RowScope.ALL);
          assertThat(clean.violations()).isEmpty();
          assertThat(clean.counts()).containsEntry(Checked.DELETION_VECTORS, 2L);

          DeleteFile vector = delete(lake, one -> one.referencedDataFile().endsWith("a.parquet"));
          String file = vector.location();
          assertKinds(
                  VerifiedLake.damaged(
                      subject,
                      RowScope.NONE,
                      file,
                      bytes -> {
                        bytes[Math.toIntExact(vector.contentOffset()) + 20] ^= 1;
                        return bytes;
                      }))
              .containsExactly(Kind.UNREADABLE);
          assertKinds(
                  VerifiedLake.damaged(
                      subject,
                      RowScope.NONE,
                      file,
                      bytes ->
                          new String(bytes, ISO_8859_1)
                              .replace("/data/a.parquet", "/data/x.parquet")
                              .getBytes(ISO_8859_1)))
              .containsExactly(Kind.DELETES_DIFFER);
          assertKinds(VerifiedLake.damaged(subject, RowScope.NONE, file, bytes -> new byte[0]))
              .containsExactly(Kind.FILE_MISSING);
        });
  }
}
