package io.twinberg.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 10s}, {@code 15m}, {@code 2h}, {@code 90d}.
 */
public final class Durations {
  /** A hundred years: beyond any use, and below the overflow of nanoseconds in a long. */
  private static final Duration MAX = Duration.ofDays(36_500);

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Map<String, ChronoUnit> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("d", ChronoUnit.DAYS);
    UNITS.put("h", ChronoUnit.HOURS);
    UNITS.put("m", ChronoUnit.MINUTES);
    UNITS.put("s", ChronoUnit.SECONDS);
    UNITS.put("ms", ChronoUnit.MILLIS);
  }

  private Durations() {}

  /**
   * The duration that somebody wrote.
   *
   * @throws IllegalArgumentException when it is none, with what one looks like
   */
  public static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("must be a duration such as 500ms, 10s, 15m, 2h or 90d");
    }
    Duration duration = Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)));
    if (duration.isZero() || duration.compareTo(MAX) > 0) {
      throw new IllegalArgumentException("must be a duration between 1ms and 36500d");
    }
    return duration;
  }

  /** The largest unit that divides the duration. */
  static String format(Duration duration) {
    return UNITS.entrySet().stream()
        .filter(unit -> duration.toMillis() % unit.getValue().getDuration().toMillis() == 0)
        .map(unit -> duration.toMillis() / unit.getValue().getDuration().toMillis() + unit.getKey())
        .findFirst()
        .orElseThrow();
  }
}
