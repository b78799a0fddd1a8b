package io.twinberg.proxy.management;

import io.twinberg.audit.AuditCursor;
import io.twinberg.audit.AuditFilter;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditScope;
import io.twinberg.proxy.catalog.Query;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.Namespace;

/**
 * Which entries of the audit a query asks for, and which page of them. Names need not exist: the
 * audit remembers what is gone.
 */
record AuditQuestion(AuditFilter filter, Optional<AuditCursor> before, Optional<Integer> size) {
  static final List<String> PARAMETERS =
      List.of(
          "source",
          "namespace",
          "table",
          "destination",
          "actor",
          "kind",
          "since",
          "until",
          "pageToken",
          "pageSize",
          "format");

  private static final int DEFAULT_SIZE = 100;

  /** Years that every database has. */
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  static AuditQuestion of(Query query) {
    AuditFilter filter =
        new AuditFilter(
            scope(query),
            CallQuery.said(query, "actor"),
            CallQuery.said(query, "kind").map(AuditQuestion::kind),
            CallQuery.said(query, "since").map(text -> time("since", text)),
            CallQuery.said(query, "until").map(text -> time("until", text)));
    return new AuditQuestion(
        filter,
        CallQuery.said(query, "pageToken").map(AuditQuestion::cursor),
        CallQuery.said(query, "pageSize").map(CallQuery::size));
  }

  int pageSize() {
    return size.orElse(DEFAULT_SIZE);
  }

  /** The filter of a whole export, which has no pages. */
  AuditFilter whole() {
    if (before.isPresent() || size.isPresent()) {
      throw StatusQuestion.bad(
          "an export has no pages: leave out pageToken and pageSize, and narrow it by since and"
              + " until");
    }
    return filter;
  }

  private static AuditScope scope(Query query) {
    Optional<String> namespace = CallQuery.said(query, "namespace");
    Optional<String> table = CallQuery.said(query, "table");
    if (table.isPresent() && namespace.isEmpty()) {
      throw StatusQuestion.bad(
          "a table needs its namespace: send both, such as namespace=sales&table=orders");
    }
    return new AuditScope(
        CallQuery.said(query, "source"),
        namespace.map(AuditQuestion::namespace),
        table,
        CallQuery.said(query, "destination"));
  }

  private static Namespace namespace(String text) {
    String[] levels = text.split("\u001F", -1);
    if (Stream.of(levels).anyMatch(String::isEmpty)) {
      throw StatusQuestion.bad("namespace has an empty level; write levels with %1F between them");
    }
    return Namespace.of(levels);
  }

  private static AuditKind kind(String word) {
    return AuditKind.ofWord(word)
        .orElseThrow(
            () ->
                StatusQuestion.bad(
                    "kind must be one of "
                        + Stream.of(AuditKind.values())
                            .map(AuditKind::word)
                            .collect(Collectors.joining(", "))
                        + ", not '"
                        + word
                        + "'"));
  }

  private static Instant time(String name, String text) {
    try {
      // A plus that was not encoded has become a space.
      Instant time = Instant.parse(text.replace(' ', '+'));
      if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
        throw StatusQuestion.bad(name + " must be in the years 1 to 9999, not '" + text + "'");
      }
      return time;
    } catch (DateTimeParseException e) {
      throw StatusQuestion.bad(
          name + " must be a time such as 2026-03-01T10:00:00Z, not '" + text + "'");
    }
  }

  private static AuditCursor cursor(String token) {
    try {
      return AuditCursor.parse(token);
    } catch (IllegalArgumentException e) {
      throw StatusQuestion.bad(
          "pageToken '" + token + "' is not one that this API gave; begin without one");
    }
  }
}
