package io.twinberg.it.kill;

import org.apache.iceberg.PendingUpdate;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** What a client does to a table next: it makes one snapshot. */
@FunctionalInterface
interface Change {
  /** Prepares it on the table as it was loaded; files are written by then. */
  PendingUpdate<Snapshot> of(Table table);
}
