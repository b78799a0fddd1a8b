package io.twinberg.proxy.expiry;

import java.time.Instant;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A removal of snapshots from a table that a destination is not ready for.
 *
 * @param until when it is let go whatever the destination has
 */
record Held(TableIdentifier table, Unapplied unapplied, Instant until) {
  boolean isOver(Instant now) {
    return !now.isBefore(until);
  }

  /** What is said to whoever commits. */
  String text() {
    long one = unapplied.snapshots().iterator().next();
    int more = unapplied.snapshots().size() - 1;
    return "table %s: destination %s has not applied snapshot %d%s yet; %s"
        .formatted(
            table,
            unapplied.destination(),
            one,
            more == 0 ? "" : " and %d more".formatted(more),
            unapplied.standing());
  }
}
