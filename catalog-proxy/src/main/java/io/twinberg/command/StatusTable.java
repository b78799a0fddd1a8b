package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Replicas as an aligned table for people, with a summary below. */
final class StatusTable {
  private static final List<String> TITLES =
      List.of("TABLE", "SOURCE", "DESTINATION", "STATE", "LAG", "LAST APPLIED", "ERROR");
  private static final int STATE = TITLES.indexOf("STATE");
  private static final String NONE = "-";
  private static final String GIVEN_UP =
      "Given up: the table's next version or twinberg retry lets it be tried again\n";

  private StatusTable() {}

  static String of(JsonNode replicas, Palette palette) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    replicas.forEach(replica -> rows.add(row(replica)));
    String table = replicas.isEmpty() ? "" : TextTable.aligned(rows, STATE, palette) + "\n";
    return table + whatToDo(replicas) + summary(replicas) + "\n";
  }

  /** Once for each code, however many replicas it holds up. */
  private static String whatToDo(JsonNode replicas) {
    Map<String, String> advice = new TreeMap<>();
    for (JsonNode replica : replicas) {
      JsonNode error = replica.path("lastError");
      if (error.path("whatToDo").isTextual()) {
        advice.put(text(error.path("code")), text(error.path("whatToDo")));
      }
    }
    String lines =
        advice.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
            .collect(Collectors.joining());
    return lines.isEmpty() ? "" : "What to do\n" + lines + givenUp(replicas) + "\n";
  }

  private static String givenUp(JsonNode replicas) {
    return replicas.findValues("givenUp").stream().anyMatch(JsonNode::asBoolean) ? GIVEN_UP : "";
  }

  private static List<String> row(JsonNode replica) {
    return List.of(
        TextTable.plain(TextTable.name(replica)),
        text(replica.path("source")),
        text(replica.path("destination")),
        state(replica),
        lag(replica.path("lag")),
        text(replica.path("lastApplied").path("at")),
        error(replica.path("lastError")));
  }

  private static String state(JsonNode replica) {
    List<String> notes = new ArrayList<>();
    if (replica.path("paused").asBoolean()) {
      String by = replica.path("pausedBy").asText("table").replace('-', ' ');
      notes.add(by.equals("table") ? "paused" : "paused by " + by);
    }
    String lifecycle = replica.path("lifecycle").asText();
    if (!lifecycle.equals("active")) {
      notes.add(lifecycle);
    }
    if (replica.path("needsPerson").asBoolean()) {
      notes.add("needs a person");
    }
    if (replica.path("givenUp").asBoolean()) {
      notes.add("given up after %d attempts".formatted(replica.path("attempts").asInt()));
    }
    if (replica.path("waitsForGroupSince").isTextual()) {
      notes.add("waits for its transaction");
    }
    if (replica.path("progress").isObject()) {
      notes.add(ProgressText.of(replica.path("progress")));
    }
    String state = text(replica.path("state"));
    return notes.isEmpty() ? state : state + " (" + String.join(", ", notes) + ")";
  }

  private static String lag(JsonNode lag) {
    long versions = lag.path("versions").asLong();
    return versions == 0
        ? "0"
        : "%d version%s, %ds"
            .formatted(versions, versions == 1 ? "" : "s", lag.path("seconds").asLong());
  }

  private static String error(JsonNode error) {
    return error.isObject()
        ? TextTable.plain(error.path("code").asText() + ": " + error.path("message").asText())
        : NONE;
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? TextTable.plain(value.asText()) : NONE;
  }

  private static String summary(JsonNode replicas) {
    Map<String, Integer> counts = new TreeMap<>();
    replicas.forEach(replica -> counts.merge(text(replica.path("state")), 1, Integer::sum));
    String states =
        counts.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    String all = replicas.size() == 1 ? "1 replica" : replicas.size() + " replicas";
    return states.isEmpty() ? all : all + ": " + states;
  }
}
