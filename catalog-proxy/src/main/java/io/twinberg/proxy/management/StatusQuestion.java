package io.twinberg.proxy.management;

import io.twinberg.config.yaml.Suggestion;
import io.twinberg.proxy.catalog.Query;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.status.ReplicaState;
import io.twinberg.status.ReplicaStatuses;
import io.twinberg.status.StatusCursor;
import io.twinberg.status.StatusFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which replicas a query asks for, and which page of them. */
record StatusQuestion(StatusFilter filter, Optional<StatusCursor> after, int size) {
  private static final int DEFAULT_SIZE = 100;

  static StatusQuestion of(Query query, ManagedCatalogs catalogs) {
    StatusFilter filter =
        new StatusFilter(
            known("source", query, catalogs.sourceNames()),
            known("destination", query, catalogs.destinationNames()),
            present(query, "state").map(StatusQuestion::state));
    return new StatusQuestion(
        filter,
        present(query, "pageToken").map(StatusQuestion::cursor),
        present(query, "pageSize").map(StatusQuestion::size).orElse(DEFAULT_SIZE));
  }

  private static Optional<String> present(Query query, String name) {
    return query.value(name).filter(value -> !value.isEmpty());
  }

  private static Optional<String> known(String kind, Query query, List<String> names) {
    Optional<String> name = present(query, kind);
    if (name.isPresent() && !names.contains(name.get())) {
      throw bad(
          "there is no %s '%s'%s There are: %s"
              .formatted(kind, name.get(), hint(name.get(), names), String.join(", ", names)));
    }
    return name;
  }

  static String hint(String wrong, List<String> names) {
    String suggestion = Suggestion.of(wrong, names);
    return suggestion.isEmpty() ? "." : suggestion;
  }

  private static ReplicaState state(String word) {
    List<String> words = Arrays.stream(ReplicaState.values()).map(ReplicaState::word).toList();
    return ReplicaState.ofWord(word)
        .orElseThrow(
            () -> bad("state must be one of " + String.join(", ", words) + ", not '" + word + "'"));
  }

  private static StatusCursor cursor(String token) {
    try {
      return StatusCursor.parse(token);
    } catch (IllegalArgumentException e) {
      throw bad("pageToken '" + token + "' is not one that this API gave; begin without one");
    }
  }

  private static int size(String text) {
    try {
      int size = Integer.parseInt(text);
      if (size >= 1 && size <= ReplicaStatuses.MAX_PAGE_SIZE) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw badSize(text);
    }
    throw badSize(text);
  }

  private static RefusedException badSize(String text) {
    return bad("pageSize must be 1 to " + ReplicaStatuses.MAX_PAGE_SIZE + ", not '" + text + "'");
  }

  static RefusedException bad(String message) {
    return new RefusedException(Reason.BAD_REQUEST, message);
  }
}
