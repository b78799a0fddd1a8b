package io.twinberg.rule;

import io.twinberg.log.EntryKind;
import io.twinberg.replica.ReplicaLifecycle;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A table or view that a source has, or had, as far as the log knows, with its replicas.
 *
 * @param present whether the source has it
 */
record KnownTable(
    EntryKind kind, String source, TableIdentifier name, boolean present, List<Held> replicas) {
  /** A replica and its name at a destination. */
  record Held(String destination, TableIdentifier name, ReplicaLifecycle lifecycle) {}

  @Override
  public String toString() {
    String what = kind == EntryKind.VIEW ? "view" : "table";
    return "%s %s of %s".formatted(what, name, source) + (present ? "" : " (which is gone)");
  }
}
