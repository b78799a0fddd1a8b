package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What came of a verification, for people. */
final class VerifyText {
  private static final int LISTED = 20;
  private static final int LISTED_NOT_COMPARED = 5;

  private final StringBuilder text = new StringBuilder();

  private VerifyText() {}

  static String of(JsonNode operation) {
    VerifyText report = new VerifyText();
    JsonNode result = operation.path("result");
    result.path("reports").forEach(report::replica);
    result
        .path("unfinished")
        .forEach(one -> report.line("?     " + subject(one) + ": " + one.path("reason").asText()));
    result
        .path("unpublished")
        .forEach(one -> report.line("-     " + subject(one) + ": not published yet"));
    Set<String> notes = new TreeSet<>();
    result.path("reports").forEach(one -> one.path("notes").forEach(n -> notes.add(n.asText())));
    notes.forEach(note -> report.line("note: " + note));
    report.line(operation.path("summary").asText());
    return report.text.toString();
  }

  private static String subject(JsonNode replica) {
    return TextTable.name(replica) + " at " + replica.path("destination").asText();
  }

  private void replica(JsonNode report) {
    boolean good = report.path("ok").asBoolean();
    line((good ? "ok    " : "WRONG ") + subject(report) + ": " + counts(report.path("counts")));
    rows(report.path("rows"));
    list(report.path("violations"), report.path("violationCount"), LISTED, VerifyText::violation);
    list(
        report.path("notCompared"),
        report.path("notComparedCount"),
        LISTED_NOT_COMPARED,
        one ->
            List.of(
                "not compared: " + one.path("what").asText() + ": " + one.path("reason").asText()));
  }

  private static String counts(JsonNode counts) {
    return "%d snapshots, %d manifests, %d data files, %d delete files"
        .formatted(
            counts.path("snapshots").asLong(),
            counts.path("manifests").asLong(),
            counts.path("dataFiles").asLong(),
            counts.path("deleteFiles").asLong());
  }

  private void rows(JsonNode rows) {
    list(
        rows,
        rows,
        LISTED_NOT_COMPARED,
        one ->
            List.of(
                "snapshot %d: %d rows, checksum %s"
                    .formatted(
                        one.path("snapshotId").asLong(),
                        one.path("rows").asLong(),
                        one.path("checksum").asText())));
  }

  private static List<String> violation(JsonNode one) {
    return List.of(
        one.path("kind").asText() + "  " + one.path("path").asText(),
        "  expected " + one.path("expected").asText(),
        "  found    " + one.path("actual").asText());
  }

  private interface Lines {
    List<String> of(JsonNode one);
  }

  private void list(JsonNode items, JsonNode count, int most, Lines lines) {
    List<String> shown = new ArrayList<>();
    int number = 0;
    for (JsonNode item : items) {
      if (number++ == most) {
        break;
      }
      shown.addAll(lines.of(item));
    }
    shown.forEach(one -> line("      " + one));
    long all = count.isNumber() ? count.asLong() : count.size();
    if (all > most) {
      line("      and " + (all - most) + " more, see --json");
    }
  }

  private void line(String line) {
    text.append(TextTable.plain(line)).append('\n');
  }
}
