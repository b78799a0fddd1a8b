package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** Tells on one line how far an operation is, where somebody watches. */
final class ProgressLine {
  private static final int WIDTH = 100;

  private final PrintWriter err;
  private final boolean watched;
  private boolean shown;

  ProgressLine(PrintWriter err, boolean watched) {
    this.err = err;
    this.watched = watched;
  }

  void show(JsonNode operation) {
    String progress = operation.path("progress").asText("");
    String text = progress.isEmpty() ? operation.path("state").asText() : progress;
    show(TextTable.plain(text));
  }

  void clear() {
    if (shown) {
      show("");
      err.print("\r");
      err.flush();
    }
  }

  private void show(String text) {
    if (watched) {
      String cut = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
      err.print("\r" + cut + " ".repeat(WIDTH - cut.length()));
      err.flush();
      shown = true;
    }
  }
}
