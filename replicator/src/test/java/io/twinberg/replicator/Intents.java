package io.twinberg.replicator;

import io.twinberg.log.CommittedTable;
import io.twinberg.log.IntentKind;
import io.twinberg.log.IntentLog;
import io.twinberg.log.KeptJson;
import io.twinberg.log.NewIntent;
import io.twinberg.log.Outcome;
import io.twinberg.log.Sources;
import io.twinberg.source.LoadResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;

/** What the proxy leaves in the log, for commits that tests make at the source themselves. */
final class Intents {
  private final TestingLake lake;
  private final IntentLog log;

  Intents(TestingLake lake) {
    this(lake, Clock.systemUTC());
  }

  Intents(TestingLake lake, Clock clock) {
    this.lake = lake;
    new Sources(lake.database()).register("main");
    this.log = new IntentLog(lake.database(), clock, "proxy");
  }

  long open(IntentKind kind, List<TableIdentifier> targets, String body) {
    return log.open(
        new NewIntent(
            "main",
            "",
            kind,
            targets,
            body.getBytes(StandardCharsets.UTF_8),
            "request",
            Optional.empty()));
  }

  /** A commit that was answered with a metadata file. */
  long answered(TableIdentifier name, String metadataLocation) {
    long id = open(IntentKind.UPDATE_TABLE, List.of(name), "{}");
    answer(id, name, metadataLocation);
    return id;
  }

  /** The call was answered with a metadata file. */
  void answer(long id, TableIdentifier name, String metadataLocation) {
    CommittedTable table =
        new CommittedTable(name, metadataLocation, KeptJson.of(bytes(metadataLocation)));
    log.settle(id, new Outcome.Committed(200, Optional.of(table)));
  }

  /** A registration that was answered with its metadata file. */
  long registered(TableIdentifier name, String metadataLocation) {
    long id = open(IntentKind.REGISTER_TABLE, List.of(name), "{}");
    answer(id, name, metadataLocation);
    return id;
  }

  /** A commit that was answered with a link in place of a metadata file. */
  long answeredWithLink(TableIdentifier name, String link, byte[] metadata) {
    long id = open(IntentKind.UPDATE_TABLE, List.of(name), "{}");
    CommittedTable table = new CommittedTable(name, link, KeptJson.of(metadata));
    log.settle(id, new Outcome.Committed(200, Optional.of(table)));
    return id;
  }

  /** A commit of a snapshot whose outcome nobody knows. */
  long unknown(TableIdentifier name, long snapshotId) {
    long id = adding(name, snapshotId);
    log.settle(id, new Outcome.Unknown(Optional.empty(), "connection reset"));
    return id;
  }

  /** A commit of a snapshot that is under way. */
  long adding(TableIdentifier name, long snapshotId) {
    String body =
        """
        {"updates": [{"action": "add-snapshot", "snapshot": {"snapshot-id": %d}}]}
        """
            .formatted(snapshotId);
    return open(IntentKind.UPDATE_TABLE, List.of(name), body);
  }

  /** The proxy is alive, so that its calls may still be under way. */
  void heartbeat() {
    log.heartbeat();
  }

  /** The call was answered with a version. */
  void answer(long id, TableIdentifier name, LoadResult.Loaded version) {
    CommittedTable table =
        new CommittedTable(name, version.metadataLocation(), KeptJson.of(version.metadata()));
    log.settle(id, new Outcome.Committed(200, Optional.of(table)));
  }

  /** The call was answered with success, and nothing is kept of the answer. */
  void committed(long id) {
    log.settle(id, new Outcome.Committed(200, Optional.empty()));
  }

  long transaction(List<TableIdentifier> names) {
    long id = open(IntentKind.TRANSACTION, names, "{}");
    log.settle(id, new Outcome.Committed(204, Optional.empty()));
    return id;
  }

  /** A transaction whose body names the snapshots that it adds. */
  long transaction(List<TableIdentifier> names, List<Long> snapshotIds) {
    String updates =
        snapshotIds.stream()
            .map("{\"action\": \"add-snapshot\", \"snapshot\": {\"snapshot-id\": %d}}"::formatted)
            .collect(Collectors.joining(","));
    long id = open(IntentKind.TRANSACTION, names, "{\"updates\": [" + updates + "]}");
    log.settle(id, new Outcome.Committed(204, Optional.empty()));
    return id;
  }

  /** A transaction that has added a table's newest snapshot, as Iceberg's client sends it. */
  long transaction(TableIdentifier name, Table table) {
    Snapshot added = table.currentSnapshot();
    String body =
        """
        {"table-changes": [{
          "identifier": {"namespace": ["%s"], "name": "%s"},
          "requirements": [{"type": "assert-table-uuid", "uuid": "%s"}],
          "updates": [{"action": "add-snapshot",
                       "snapshot": {"snapshot-id": %d, "sequence-number": %d}}]}]}
        """
            .formatted(
                name.namespace(),
                name.name(),
                table.uuid(),
                added.snapshotId(),
                added.sequenceNumber());
    long id = open(IntentKind.TRANSACTION, List.of(name), body);
    committed(id);
    return id;
  }

  long renamed(TableIdentifier from, TableIdentifier to) {
    long id = open(IntentKind.RENAME_TABLE, List.of(from, to), "{}");
    log.settle(id, new Outcome.Committed(204, Optional.empty()));
    return id;
  }

  void awaitState(long id, String state) {
    TestingLake.await(
        () -> lake.strings("select state from intent where id = " + id).contains(state));
  }

  byte[] bytes(String location) {
    try (var in = lake.io().newInputFile(location).newStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
