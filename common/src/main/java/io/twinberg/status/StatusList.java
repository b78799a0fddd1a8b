package io.twinberg.status;

import io.twinberg.database.PathHash;
import java.util.Comparator;
import java.util.function.Predicate;

/** Which replicas are asked for, and in which order. */
public record StatusList(StatusFilter filter, StatusSort sort, boolean descending) {
  /** All replicas by their names. */
  public static final StatusList ALL = of(StatusFilter.ALL);

  /** Some replicas by their names. */
  public static StatusList of(StatusFilter filter) {
    return new StatusList(filter, StatusSort.NAME, false);
  }

  /** What a page token of this list bears, so that it is taken for no other. */
  String seal(String values) {
    return PathHash.of(this + values);
  }

  Comparator<ListedReplica> order() {
    return sort.order(descending);
  }

  Predicate<ListedReplica> behind(StatusCursor cursor) {
    return sort.behind(cursor, descending);
  }

  StatusCursor cursor(ListedReplica replica) {
    return sort.cursor(replica);
  }
}
