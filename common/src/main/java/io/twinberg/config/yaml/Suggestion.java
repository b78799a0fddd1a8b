package io.twinberg.config.yaml;

import java.util.Collection;
import java.util.Comparator;

/** Guesses what a misspelt name was meant to be. */
public final class Suggestion {
  private Suggestion() {}

  /**
   * The end of a message, such as {@code ; did you mean 'forward'?}, or nothing if no name is near.
   */
  public static String of(String wrong, Collection<String> names) {
    int limit = Math.min(3, 1 + wrong.length() / 4);
    return names.stream()
        .filter(name -> distance(wrong, name) <= limit)
        .min(Comparator.comparingInt(name -> distance(wrong, name)))
        .map(name -> "; did you mean '" + name + "'?")
        .orElse("");
  }

  /** Insertions, deletions and replacements that turn one text into the other. */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
