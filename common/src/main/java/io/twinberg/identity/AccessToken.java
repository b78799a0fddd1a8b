package io.twinberg.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A token as a token server issued it.
 *
 * @param issued when it was asked for: the server's clock started later
 * @param lifetime absent where the server did not say; such a token lives until a catalog refuses
 *     it
 */
record AccessToken(String value, Instant issued, Optional<Duration> lifetime) {
  private static final Duration LARGEST_MARGIN = Duration.ofSeconds(30);

  // A token that is refused at once will not fare better when it is new: without this, a catalog
  // that refuses everybody would turn each call into one more for the token server.
  private static final Duration TOO_YOUNG = Duration.ofSeconds(1);

  AccessToken {
    if (!isHeaderSafe(value)) {
      throw new IllegalArgumentException("a token must be of printable ASCII characters");
    }
  }

  static boolean isHeaderSafe(String value) {
    return !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  boolean isValid(Instant now) {
    return lifetime.map(life -> now.isBefore(issued.plus(life))).orElse(true);
  }

  /** Whether it is time for the next one: in the last tenth of its life, at most 30 s. */
  boolean isDue(Instant now) {
    return lifetime.map(life -> !now.isBefore(issued.plus(life).minus(margin(life)))).orElse(false);
  }

  private static Duration margin(Duration life) {
    Duration tenth = life.dividedBy(10);
    return tenth.compareTo(LARGEST_MARGIN) < 0 ? tenth : LARGEST_MARGIN;
  }

  boolean isTooYoungToReplace(Instant now) {
    return now.isBefore(issued.plus(TOO_YOUNG));
  }

  @Override
  public String toString() {
    return "AccessToken[issued=" + issued + ", lifetime=" + lifetime + "]";
  }
}
