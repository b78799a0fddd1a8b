package io.twinberg.proxy.management;

import io.twinberg.config.Durations;
import io.twinberg.config.yaml.Suggestion;
import io.twinberg.proxy.catalog.Query;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.status.ReplicaState;
import io.twinberg.status.StatusCursor;
import io.twinberg.status.StatusFilter;
import io.twinberg.status.StatusList;
import io.twinberg.status.StatusSort;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;

/** Which replicas a query asks for, and which page of them. */
record StatusQuestion(StatusList list, Optional<StatusCursor> after, int size) {
  static final List<String> PARAMETERS =
      List.of(
          "source",
          "destination",
          "state",
          "lifecycle",
          "paused",
          "needsPerson",
          "namespace",
          "tablePrefix",
          "tableContains",
          "minLag",
          "sort",
          "order",
          "pageToken",
          "pageSize");

  private static final String DESCENDING = "desc";
  private static final String LEVELS = "\u001f";

  static StatusQuestion of(Query query, ManagedCatalogs catalogs) {
    StatusList list =
        new StatusList(
            filter(query, catalogs),
            CallQuery.said(query, "sort").map(StatusQuestion::sort).orElse(StatusSort.NAME),
            CallQuery.said(query, "order")
                .map(word -> oneOf("order", word, List.of("asc", DESCENDING)))
                .filter(DESCENDING::equals)
                .isPresent());
    return new StatusQuestion(
        list,
        CallQuery.said(query, "pageToken").map(token -> cursor(token, list)),
        CallQuery.size(query));
  }

  private static StatusFilter filter(Query query, ManagedCatalogs catalogs) {
    return new StatusFilter(
        known("source", query, catalogs.sourceNames()),
        known("destination", query, catalogs.destinationNames()),
        CallQuery.said(query, "state").map(StatusQuestion::state),
        CallQuery.said(query, "lifecycle").map(StatusQuestion::lifecycle),
        CallQuery.said(query, "paused").map(word -> yesOrNo("paused", word)),
        CallQuery.said(query, "needsPerson").map(word -> yesOrNo("needsPerson", word)),
        CallQuery.said(query, "namespace").map(StatusQuestion::namespace),
        CallQuery.said(query, "tablePrefix"),
        CallQuery.said(query, "tableContains"),
        CallQuery.said(query, "minLag").map(StatusQuestion::duration));
  }

  private static Optional<String> known(String kind, Query query, List<String> names) {
    Optional<String> name = CallQuery.said(query, kind);
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
    return ReplicaState.ofWord(oneOf("state", word, words)).orElseThrow();
  }

  private static ReplicaLifecycle lifecycle(String word) {
    List<String> words = Arrays.stream(ReplicaLifecycle.values()).map(StatusJson::word).toList();
    return ReplicaLifecycle.values()[words.indexOf(oneOf("lifecycle", word, words))];
  }

  private static StatusSort sort(String word) {
    List<String> words = Arrays.stream(StatusSort.values()).map(StatusSort::word).toList();
    return StatusSort.ofWord(oneOf("sort", word, words)).orElseThrow();
  }

  private static boolean yesOrNo(String name, String word) {
    return oneOf(name, word, List.of("true", "false")).equals("true");
  }

  private static String oneOf(String name, String word, List<String> words) {
    if (!words.contains(word)) {
      throw bad(name + " must be one of " + String.join(", ", words) + ", not '" + word + "'");
    }
    return word;
  }

  /** Between its levels stands the same character as in paths. */
  private static Namespace namespace(String levels) {
    return Namespace.of(levels.split(LEVELS, -1));
  }

  private static Duration duration(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw bad("minLag " + e.getMessage() + ", not '" + text + "'");
    }
  }

  private static StatusCursor cursor(String token, StatusList list) {
    try {
      return StatusCursor.parse(token, list);
    } catch (IllegalArgumentException e) {
      throw bad(
          "pageToken '"
              + token
              + "' is not one that this API gave for the same filter and sort; begin without one");
    }
  }

  static RefusedException bad(String message) {
    return new RefusedException(Reason.BAD_REQUEST, message);
  }
}
