package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalLong;

/**
 * How much data a snapshot has by its summary (table spec, "Optional Snapshot Summary Fields"):
 * writers need not say it, and nothing but an estimate may rest on it.
 *
 * @param addedBytes of the files that it adds
 * @param totalBytes of all its files
 */
public record SummarySize(OptionalLong addedBytes, OptionalLong totalBytes) {
  private static final int DIGITS = 18;

  static SummarySize of(JsonNode snapshot) {
    JsonNode summary = snapshot.path("summary");
    return new SummarySize(
        number(summary.path("added-files-size")), number(summary.path("total-files-size")));
  }

  private static OptionalLong number(JsonNode value) {
    String text = value.asText();
    boolean whole = text.length() <= DIGITS && text.matches("[0-9]+");
    return whole ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }
}
