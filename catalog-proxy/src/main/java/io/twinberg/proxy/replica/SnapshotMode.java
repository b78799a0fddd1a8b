package io.twinberg.proxy.replica;

import io.twinberg.proxy.catalog.Query;
import io.twinberg.proxy.catalog.RefusedException;

/** Which snapshots a load shows. */
enum SnapshotMode {
  /** All of them. */
  ALL,
  /** Those that a branch or tag names. */
  REFS;

  static SnapshotMode of(Query query) {
    String text = query.value("snapshots").orElse("all");
    return switch (text) {
      case "all" -> ALL;
      case "refs" -> REFS;
      default ->
          throw new RefusedException(
              RefusedException.Reason.BAD_REQUEST, "snapshots must be all or refs, not " + text);
    };
  }
}
