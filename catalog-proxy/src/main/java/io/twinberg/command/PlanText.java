package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a plan has counted, for people. */
final class PlanText {
  private static final List<String> TITLES =
      List.of("TABLE", "DESTINATION", "SNAPSHOTS", "FILES", "SIZE", "FILES TO COPY", "TO COPY");
  private static final int KILO = 1024;
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");

  private PlanText() {}

  static String of(JsonNode operation) {
    JsonNode result = operation.path("result");
    StringBuilder text = new StringBuilder();
    if (!result.path("reports").isEmpty()) {
      text.append(table(result)).append('\n');
    }
    for (JsonNode problem : result.path("problems")) {
      text.append(
          "not possible: %s at %s: %s: %s\n"
              .formatted(
                  TextTable.plain(TextTable.name(problem)),
                  problem.path("destination").asText(),
                  problem.path("code").asText(),
                  TextTable.plain(problem.path("message").asText())));
    }
    result
        .path("notes")
        .forEach(note -> text.append("note: ").append(TextTable.plain(note.asText())).append('\n'));
    return text + TextTable.plain(operation.path("summary").asText()) + "\n";
  }

  private static String table(JsonNode result) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    result.path("reports").forEach(report -> rows.add(row(report)));
    long leftOut = result.path("reportsLeftOut").asLong();
    String more = leftOut == 0 ? "" : "and " + leftOut + " more, with less to copy\n";
    return TextTable.aligned(rows) + more;
  }

  private static List<String> row(JsonNode report) {
    JsonNode total = report.path("total");
    JsonNode toCopy = report.path("toCopy");
    return List.of(
        TextTable.plain(TextTable.name(report)),
        report.path("destination").asText(),
        total.path("snapshots").asText(),
        total.path("files").asText(),
        size(total.path("bytes").asLong()),
        toCopy.path("files").asText(),
        size(toCopy.path("bytes").asLong()));
  }

  /** Bytes in the largest unit of which there is one at least. */
  static String size(long bytes) {
    int unit = 0;
    double amount = bytes;
    while (amount >= KILO && unit < UNITS.size() - 1) {
      amount /= KILO;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.1f %s", amount, UNITS.get(unit));
  }
}
