package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text for people: aligned columns, and nothing that could steer their terminal. */
final class TextTable {
  /** Control and formatting characters of all Unicode, and what breaks lines. */
  private static final Pattern STEERING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private TextTable() {}

  /** Names come from anywhere: none of them may steer the terminal or break a line. */
  static String plain(String text) {
    return STEERING.matcher(text).replaceAll("?");
  }

  /** The name of what has a namespace, and a table or all of them. */
  static String name(JsonNode named) {
    StringBuilder name = new StringBuilder();
    named.path("namespace").forEach(level -> name.append(level.asText()).append('.'));
    return name.append(named.path("table").asText("*")).toString();
  }

  static String aligned(List<List<String>> rows) {
    return aligned(rows, -1, Palette.NONE);
  }

  /** The same with one column of states, each in its colour. */
  static String aligned(List<List<String>> rows, int states, Palette palette) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream()
        .map(row -> line(row, widths, states, palette))
        .collect(Collectors.joining());
  }

  private static String line(List<String> row, int[] widths, int states, Palette palette) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      line.append(i == states ? palette.state(cell) : cell);
      line.append(" ".repeat(widths[i] - cell.length() + 2));
    }
    return line.toString().stripTrailing() + "\n";
  }
}
