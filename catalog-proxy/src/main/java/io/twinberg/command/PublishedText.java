package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** How soon versions were readable, as columns of a source's or a destination's row. */
final class PublishedText {
  static final String P50 = "P50 OF AN HOUR";
  static final String P99 = "P99 OF AN HOUR";
  static final String MET = "MET IN A DAY";

  private static final String NONE = "-";
  private static final double PERCENT = 100;

  private PublishedText() {}

  static String p50(JsonNode published) {
    return seconds(published.path("hour").path("lagP50Seconds"));
  }

  static String p99(JsonNode published) {
    return seconds(published.path("hour").path("lagP99Seconds"));
  }

  static String met(JsonNode published) {
    JsonNode met = published.path("day").path("withinObjective");
    return met.isNumber() ? String.format(Locale.ROOT, "%.2f%%", met.asDouble() * PERCENT) : NONE;
  }

  static String seconds(JsonNode seconds) {
    return seconds.isNumber() ? String.format(Locale.ROOT, "%.1fs", seconds.asDouble()) : NONE;
  }
}
