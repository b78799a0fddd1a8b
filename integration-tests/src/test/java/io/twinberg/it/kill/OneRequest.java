package io.twinberg.it.kill;

import io.twinberg.it.kill.WhatClientsWereTold.Commit;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * Commits changes with exactly one request each, and writes down what the client was told:
 * Iceberg's own loop around commits would hide the answers.
 */
final class OneRequest {
  private final WhatClientsWereTold told;

  OneRequest(WhatClientsWereTold told) {
    this.told = told;
  }

  /**
   * Whether the commit was acknowledged; it was refused if not.
   *
   * @throws org.apache.iceberg.exceptions.CommitStateUnknownException when nobody was told anything
   */
  boolean commit(String name, Table table, Change change) {
    TableOperations operations = ((BaseTable) table).operations();
    TableMetadata base = operations.current();
    Snapshot snapshot = change.of(table).apply();
    Commit commit = new Commit(name, snapshot.snapshotId());
    TableMetadata changed =
        TableMetadata.buildFrom(base).setBranchSnapshot(snapshot, "main").build();
    try {
      operations.commit(base, changed);
    } catch (CommitFailedException e) {
      told.rejected(commit);
      return false;
    }
    told.acknowledged(commit);
    return true;
  }
}
