package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How far a replica's copying is, in a few words. */
final class ProgressText {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};
  private static final double THOUSAND = 1000;

  private ProgressText() {}

  /** Such as {@code 12 of 80 files, 1.5 of 9.7 GB, 30.2 MB/s, 4m 32s left}. */
  static String of(JsonNode progress) {
    List<String> parts = new ArrayList<>();
    if (progress.path("snapshotsTotal").asInt() > 1) {
      parts.add(
          "%d of %d snapshots"
              .formatted(
                  progress.path("snapshotsDone").asInt(), progress.path("snapshotsTotal").asInt()));
    }
    parts.add(
        ofTotal(progress.path("filesDone").asLong() + "", progress.path("filesTotal")) + " files");
    JsonNode bytes = progress.path("bytesTotal");
    String done = bytes(progress.path("bytesDone").asLong());
    parts.add(bytes.isNumber() ? done + " of " + bytes(bytes.asLong()) : done);
    parts.add(bytes(progress.path("bytesPerSecond").asLong()) + "/s");
    if (progress.path("estimatedEnd").isTextual()) {
      parts.add(left(progress) + " left");
    }
    return String.join(", ", parts);
  }

  private static String ofTotal(String done, JsonNode total) {
    return total.isNumber() ? done + " of " + total.asLong() : done;
  }

  /** By the server's clock alone. */
  private static String left(JsonNode progress) {
    Instant now = Instant.parse(progress.path("updatedAt").asText());
    Duration left = Duration.between(now, Instant.parse(progress.path("estimatedEnd").asText()));
    return left.toMinutes() == 0
        ? left.toSeconds() + "s"
        : "%dm %ds".formatted(left.toMinutes(), left.toSecondsPart());
  }

  static String bytes(long count) {
    double value = count;
    int unit = 0;
    while (value >= THOUSAND && unit < UNITS.length - 1) {
      value /= THOUSAND;
      unit++;
    }
    return unit == 0 ? count + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
