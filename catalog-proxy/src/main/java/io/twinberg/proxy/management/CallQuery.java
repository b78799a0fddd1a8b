package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.twinberg.proxy.catalog.Query;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a call; one that is misspelt or said twice is refused, or it would be
 * overlooked and the call be another one than was meant.
 */
final class CallQuery {
  private static final int DEFAULT_SIZE = 100;
  private static final int LARGEST_SIZE = 1000;

  private CallQuery() {}

  /** Refuses any parameter, for a call that has none. */
  static void none(Context context) {
    of(context, List.of());
  }

  /**
   * The parameters of a call that knows these.
   *
   * @throws io.twinberg.proxy.catalog.RefusedException when there is another one, or one twice
   */
  static Query of(Context context, List<String> known) {
    String raw = Optional.ofNullable(context.req().getQueryString()).orElse("");
    Set<String> seen = new HashSet<>();
    for (String pair : raw.split("&")) {
      for (String name : read(pair).parameters().keySet()) {
        requireKnown(name, known);
        requireOnce(name, seen);
      }
    }
    return read(raw);
  }

  private static Query read(String raw) {
    try {
      return Query.of(Optional.of(raw));
    } catch (IllegalArgumentException e) {
      throw StatusQuestion.bad("the query is not URL-encoded: " + e.getMessage());
    }
  }

  private static void requireKnown(String name, List<String> known) {
    if (name.isEmpty() || known.contains(name)) {
      return;
    }
    throw StatusQuestion.bad(
        known.isEmpty()
            ? "there is no parameter '%s'; this call has none".formatted(name)
            : "there is no parameter '%s'%s There are: %s"
                .formatted(name, StatusQuestion.hint(name, known), String.join(", ", known)));
  }

  private static void requireOnce(String name, Set<String> seen) {
    if (!seen.add(name) && !name.isEmpty()) {
      throw StatusQuestion.bad("the parameter '%s' stands there twice; write one".formatted(name));
    }
  }

  /** What a parameter says; nothing where it is empty. */
  static Optional<String> said(Query query, String name) {
    return query.value(name).filter(value -> !value.isEmpty());
  }

  /**
   * How many a page has at most.
   *
   * @throws io.twinberg.proxy.catalog.RefusedException when it is no number of those allowed
   */
  static int size(Query query) {
    return said(query, "pageSize").map(CallQuery::size).orElse(DEFAULT_SIZE);
  }

  static int size(String text) {
    try {
      int size = Integer.parseInt(text);
      if (size >= 1 && size <= LARGEST_SIZE) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw badSize(text);
    }
    throw badSize(text);
  }

  private static RuntimeException badSize(String text) {
    return StatusQuestion.bad("pageSize must be 1 to " + LARGEST_SIZE + ", not '" + text + "'");
  }
}
