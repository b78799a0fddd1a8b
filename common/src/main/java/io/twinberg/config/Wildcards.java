package io.twinberg.config;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * Matches a row of things against a row of patterns in which a star stands for any number of
 * things.
 */
final class Wildcards {
  private Wildcards() {}

  /**
   * Each star takes as little as possible and more only when what follows fails, so time stays
   * quadratic.
   */
  static <T> boolean matches(List<T> pattern, List<T> things, T star, BiPredicate<T, T> single) {
    int p = 0;
    int t = 0;
    int lastStar = -1;
    int afterStar = 0;
    while (t < things.size()) {
      if (p < pattern.size() && pattern.get(p).equals(star)) {
        lastStar = p++;
        afterStar = t;
      } else if (p < pattern.size() && single.test(pattern.get(p), things.get(t))) {
        p++;
        t++;
      } else if (lastStar >= 0) {
        p = lastStar + 1;
        t = ++afterStar;
      } else {
        return false;
      }
    }
    return pattern.subList(p, pattern.size()).stream().allMatch(star::equals);
  }
}
