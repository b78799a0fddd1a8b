package io.twinberg.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of bytes as people write it: {@code 512KiB}, {@code 64MiB}, {@code 2GiB}. */
public record DataSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,5})(KiB|MiB|GiB)");
  private static final Map<String, Integer> SHIFTS = Map.of("KiB", 10, "MiB", 20, "GiB", 30);

  static DataSize parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("must be a size such as 512KiB, 64MiB or 2GiB");
    }
    return new DataSize(Long.parseLong(matcher.group(1)) << SHIFTS.get(matcher.group(2)));
  }

  /** The largest unit that divides it. */
  String format() {
    for (String unit : new String[] {"GiB", "MiB"}) {
      long one = 1L << SHIFTS.get(unit);
      if (bytes % one == 0) {
        return bytes / one + unit;
      }
    }
    return (bytes >> SHIFTS.get("KiB")) + "KiB";
  }
}
