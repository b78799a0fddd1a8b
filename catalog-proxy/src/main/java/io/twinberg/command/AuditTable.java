package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Entries of the audit as an aligned table for people. */
final class AuditTable {
  private static final List<String> TITLES =
      List.of("TIME", "KIND", "ACTOR", "ACTION", "WHERE", "SUBJECT", "OUTCOME");
  private static final String NONE = "-";

  private AuditTable() {}

  static String of(JsonNode entries) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    entries.forEach(entry -> rows.add(row(entry)));
    return rows.size() == 1 ? "no entries\n" : TextTable.aligned(rows);
  }

  private static List<String> row(JsonNode entry) {
    return List.of(
        text(entry.path("at")),
        text(entry.path("kind")),
        entry.path("actor").isTextual() ? text(entry.path("actor")) : "twinberg itself",
        text(entry.path("action")),
        where(entry),
        text(entry.path("subject")) + calls(entry.path("details").path("calls")),
        text(entry.path("outcome")));
  }

  private static String calls(JsonNode calls) {
    return calls.isNumber()
        ? " (" + calls.asLong() + (calls.asLong() == 1 ? " call)" : " calls)")
        : "";
  }

  private static String where(JsonNode entry) {
    List<String> parts = new ArrayList<>();
    if (entry.path("table").isTextual()) {
      parts.add(TextTable.name(entry));
    } else if (!entry.path("namespace").isEmpty()) {
      List<String> levels = new ArrayList<>();
      entry.path("namespace").forEach(level -> levels.add(level.asText()));
      parts.add(String.join(".", levels));
    }
    if (entry.path("source").isTextual()) {
      parts.add("of " + entry.path("source").asText());
    }
    if (entry.path("destination").isTextual()) {
      parts.add("at " + entry.path("destination").asText());
    }
    return parts.isEmpty() ? NONE : TextTable.plain(String.join(" ", parts));
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? TextTable.plain(value.asText()) : NONE;
  }
}
