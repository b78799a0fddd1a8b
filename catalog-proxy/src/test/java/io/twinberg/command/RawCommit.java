package io.twinberg.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdateRequirements;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequestParser;

/**
 * One append as a client sends it, so that a test sees the answer itself and not what Iceberg's
 * client makes of it.
 */
record RawCommit(TableIdentifier table, long snapshot, String body) {
  /** An append of one new file to the table as it is now. */
  static RawCommit append(TableIdentifier name, Table table) {
    table.refresh();
    TableMetadata base = ((BaseTable) table).operations().current();
    Snapshot snapshot = table.newFastAppend().appendFile(file(table)).apply();
    TableMetadata changed =
        TableMetadata.buildFrom(base).setBranchSnapshot(snapshot, SnapshotRef.MAIN_BRANCH).build();
    UpdateTableRequest request =
        UpdateTableRequest.create(
            name, UpdateRequirements.forUpdateTable(base, changed.changes()), changed.changes());
    return new RawCommit(name, snapshot.snapshotId(), UpdateTableRequestParser.toJson(request));
  }

  /** Writes a file of a table; nobody reads its rows. */
  static DataFile file(Table table) {
    String path = table.location() + "/data/" + UUID.randomUUID() + ".parquet";
    byte[] bytes = ("rows of " + path).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = table.io().newOutputFile(path).create()) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DataFiles.builder(table.spec())
        .withPath(path)
        .withFormat("parquet")
        .withFileSizeInBytes(bytes.length)
        .withRecordCount(1)
        .build();
  }

  /** The path of the table below the prefix. */
  String path() {
    return "/namespaces/%s/tables/%s".formatted(table.namespace().level(0), table.name());
  }

  /**
   * Sends it once to the server of a port; the table's name and the snapshot are its request id.
   */
  HttpResponse<String> send(int port) {
    return RawCalls.send(port, "POST", path(), body, requestId());
  }

  String requestId() {
    return table.name() + "-" + snapshot;
  }
}
