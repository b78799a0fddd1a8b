package io.twinberg.replicator.verify;

import io.twinberg.config.Retention;
import io.twinberg.log.VersionLog;
import io.twinberg.operation.RowScope;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.TestingLake;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.io.DataWriter;

/** Replicas on local files, whose bytes tests damage and put right again. */
public final class VerifiedLake {
  private VerifiedLake() {}

  /** Writes rows with these ids as a data file of the table. */
  static DataFile rows(Table table, FileFormat format, String name, long... ids) {
    List<Record> rows = new ArrayList<>();
    for (long id : ids) {
      GenericRecord row = GenericRecord.create(table.schema());
      row.setField("id", id);
      row.setField("name", "name of " + id);
      rows.add(row);
    }
    return write(table, format, name, rows);
  }

  static DataFile write(Table table, FileFormat format, String name, List<Record> rows) {
    String path = table.location() + "/data/" + format.addExtension(name);
    GenericFileWriterFactory factory =
        new GenericFileWriterFactory.Builder(table).dataFileFormat(format).build();
    try (DataWriter<Record> writer =
        factory.newDataWriter(
            EncryptedFiles.plainAsEncryptedOutput(table.io().newOutputFile(path)),
            table.spec(),
            null)) {
      rows.forEach(writer::write);
      writer.close();
      return writer.toDataFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Subject subject(TestingLake lake, TableIdentifier name) {
    return subject(lake, name, lake.store());
  }

  public static Subject subject(TestingLake lake, TableIdentifier name, ObjectStore source) {
    Replica replica = lake.replica(name);
    return new Subject(
        replica.id(),
        replica.destination(),
        replica.kind(),
        replica.name(),
        replica.folder(),
        replica.position(),
        replica.metadataLocation().orElseThrow(),
        new VersionLog(lake.database(), Clock.systemUTC())
            .find(replica.source(), replica.position())
            .orElseThrow()
            .metadataLocation(),
        replica.historyThrough(),
        lake.store(),
        replica.shownRefs(),
        replica.settings().retention().orElseGet(Retention.Forever::new),
        new Subject.Origin(replica.source(), name, CatalogSourceReader.of(lake.catalog()), source));
  }

  public static VerifyReport verify(Subject subject, RowScope rows) {
    try {
      return new ReplicaVerifier(new MetadataFiles(64 << 20), Clock.systemUTC())
          .verify(subject, rows, Progress.NONE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Verifies while a file has other bytes than it should, or none where the change gives none. */
  public static VerifyReport damaged(
      Subject subject, RowScope rows, String location, UnaryOperator<byte[]> change) {
    Path file = Path.of(location.substring("file:".length()));
    try {
      byte[] right = Files.readAllBytes(file);
      byte[] wrong = change.apply(right.clone());
      if (wrong.length == 0) {
        Files.delete(file);
      } else {
        Files.write(file, wrong);
      }
      try {
        return verify(subject, rows);
      } finally {
        Files.write(file, right);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
